// The tests, for Node and for a page alike: `cases(library, fixtures)` lists them, each a name and a function that
// throws. `library` is the package as it was imported.
import { canonical, equal, refused, shape } from './check.js';

export function cases(library, fixtures) {
  const { Challenge, LlaveroError, TrustList } = library;
  const { query } = fixtures;
  const now = new Date(fixtures.now * 1000);
  const later = (secs) => new Date(now.getTime() + secs * 1000);
  const trust = TrustList.fromJson(fixtures.trust);
  const options = {
    clientId: 'https://bar.example',
    clientName: 'Bar La Esquina',
    purpose: 'Vender alcohol',
    query,
    lifetimeSecs: 300,
    now,
  };
  const pose = (change) => new Challenge({ ...options, ...change });
  const byName = (name) => fixtures.cases.find((one) => one.name === name);
  const verify = ({ challenge, answer, trust: list, now: secs }) =>
    Challenge.fromJson(challenge).verify(answer, TrustList.fromJson(list), new Date(secs * 1000), fixtures.locales);

  const raised = new Set();
  /** That `work` is refused with this code. */
  const refuse = (code, work, what) => {
    raised.add(code);
    return refused(LlaveroError, code, work, what);
  };
  /** That asking with this is refused with this code. */
  const refusePose = (code, change, what) => refuse(code, () => pose(change), what);
  const all = [];
  const test = (name, run) => all.push({ name, run });

  // What Rust says.

  for (const one of fixtures.cases) {
    test(`${one.name}: ${one.expected}, as in Rust`, () => {
      if (one.expected === 'accepted') {
        equal(shape(verify(one)), canonical(one.said), 'the verdict');
        return;
      }
      const { code, message, query: id, index } = refuse(one.expected, () => verify(one));
      equal(canonical({ code, message, query: id, index }), canonical(one.said), 'the error');
    });
  }

  // The story.

  test('a bar asks, a wallet answers, the bar learns one thing', () => {
    const story = byName('over 18');
    const challenge = Challenge.fromJson(story.challenge);
    const request = JSON.parse(challenge.request());
    equal(request.client_id, 'https://bar.example', 'who asks');
    const verdict = challenge.verify(story.answer, TrustList.fromJson(story.trust), now);
    equal(verdict.credentials.length, 1, 'credentials');
    const [age] = verdict.credentials;
    equal(canonical(age.claims), '[{"label":null,"path":["age_equal_or_over","18"],"values":[true]}]', 'claims');
    equal(age.issuerName, 'Agencia de Ejemplo', 'issuer');
    equal(age.revocation, 'not_provided', 'revocation');
    equal(age.expires > now, true, 'a date that can be compared');
    equal(verdict.checkedAt.getTime(), now.getTime(), 'checkedAt');
    equal(verdict.trustIssuedAt instanceof Date, true, 'trustIssuedAt');
  });

  test('a type that the list describes has words in the languages of who reads them', () => {
    const { challenge, answer, trust: list } = byName('a type with words');
    const trust = TrustList.fromJson(list);
    const words = (...locales) => {
      const [age] = Challenge.fromJson(challenge).verify(answer, trust, now, ...locales).credentials;
      return `${age.typeName}: ${age.claims[0].label}`;
    };
    equal(words(['es-MX', 'en']), 'Edad del club: Mayoría de edad', 'Spanish');
    equal(words(['nah', 'en-GB']), 'Club age: Of full age', 'English');
    equal(words([]), words(), 'nothing said is no language');
    equal(words() === 'Edad del club: Mayoría de edad', true, 'the first there is');
    for (const locales of [null, 'es', [1], ['\ud800'], { length: 1 }, new Proxy([], { get() { throw null; } })]) {
      refuse('argument_malformed', () => words(locales));
    }
  });

  test('what is not exactly a number comes as it was issued', () => {
    const { claims } = verify(byName('values of every kind')).credentials[0];
    const value = (name) => claims.find(({ path }) => path.length === 1 && path[0] === name).values[0];
    equal(value('grande'), 9007199254740993n, 'beyond the safe integers');
    equal(value('mayor'), 18446744073709551615n, 'the greatest');
    equal(value('menor'), -9007199254740993n, 'below the safe integers');
    equal(value('exacto'), 9007199254740991, 'the last safe integer');
    equal(value('nada'), null, 'null');
    equal(value('texto'), 'ñandú 🔑 \0', 'text');
    const deep = value('hondo');
    equal(Object.getPrototypeOf(deep), Object.prototype, 'a plain object');
    equal(Object.hasOwn(deep, '__proto__'), true, 'a member of an unlucky name');
    equal(deep.a, undefined, 'nothing inherited from it');
  });

  test('a verdict cannot be changed', () => {
    const frozen = (value) =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    const verdict = verify(byName('values of every kind'));
    equal(frozen(verdict), true, 'frozen to the last');
    equal(Object.getPrototypeOf(verdict), Object.prototype, 'a plain object');
  });

  test('every challenge has a nonce of its own', () => {
    const nonces = Array.from({ length: 50 }, () => JSON.parse(pose().request()).nonce);
    equal(new Set(nonces).size, 50, 'different nonces');
    equal(nonces.every((nonce) => /^[\w-]{43}$/.test(nonce)), true, '32 bytes each');
  });

  test('randomness is an argument', () => {
    let asked = 0;
    const random = (length) => {
      asked += length;
      return new Uint8Array(length).fill(7);
    };
    const { nonce } = JSON.parse(pose({ random }).request());
    equal(nonce, 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc', 'the nonce');
    equal(asked, 32, 'bytes asked for');
  });

  test('a challenge is kept as text and read again', () => {
    const posed = pose({ clientName: null });
    const again = Challenge.fromJson(posed.toJson());
    equal(again.request(), posed.request(), 'the request');
    equal(again.toJson(), posed.toJson(), 'the challenge');
    equal(again instanceof Challenge, true, 'a Challenge');
    equal(JSON.parse(again.request()).client_metadata, undefined, 'no name');
  });

  test('a query is an object or its text', () => {
    const asked = (one) => canonical(JSON.parse(pose({ query: one }).request()).dcql_query);
    equal(asked(JSON.stringify(query)), asked(query), 'the query');
  });

  test('a list goes in and out as text', () => {
    equal(trust.toJson(), fixtures.trust, 'the list');
    equal(trust.issuedAt.getTime(), now.getTime(), 'its date');
    equal(trust instanceof TrustList, true, 'a TrustList');
  });

  // Once.

  test('a challenge is answered once, whatever came of it', () => {
    const story = byName('over 18');
    const trust = TrustList.fromJson(story.trust);
    const outcomes = [
      [story.answer, undefined],
      ['{"vp_token": {}}', 'answer_credential_missing'],
      ['nonsense', 'json_syntax'],
    ];
    for (const [answer, code] of outcomes) {
      const challenge = Challenge.fromJson(story.challenge);
      const first = () => challenge.verify(answer, trust, now);
      if (code === undefined) equal(first().credentials.length, 1, 'credentials');
      else refuse(code, first);
      refuse('already_used', () => challenge.verify(story.answer, trust, now));
      refuse('already_used', () => challenge.request());
      refuse('already_used', () => challenge.toJson());
    }
  });

  test('a wrong argument does not use a challenge up', () => {
    const story = byName('over 18');
    const trust = TrustList.fromJson(story.trust);
    const challenge = Challenge.fromJson(story.challenge);
    refuse('argument_malformed', () => challenge.verify(undefined, trust, now));
    refuse('argument_malformed', () => challenge.verify(story.answer, {}, now));
    refuse('argument_malformed', () => challenge.verify(story.answer, trust, new Date(NaN)));
    equal(challenge.verify(story.answer, trust, now).credentials.length, 1, 'credentials');
  });

  // What is malformed.

  test('texts that no wallet would show are refused', () => {
    refusePose('member_malformed', { clientId: '' });
    refusePose('member_malformed', { clientId: 'ñ' });
    refusePose('member_malformed', { clientName: '' });
    refusePose('member_malformed', { purpose: ' ' });
    refusePose('member_malformed', { purpose: 'a\u202eb' });
    refusePose('member_malformed', { purpose: 'x'.repeat(301) });
  });

  test('a lifetime is between a second and a day', () => {
    for (const lifetimeSecs of [0, -1, -0, 86401, 2 ** 32, 2 ** 32 + 300, Number.MAX_SAFE_INTEGER, -1e300, 1e300]) {
      refusePose('challenge_lifetime', { lifetimeSecs }, `${lifetimeSecs}`);
    }
    for (const lifetimeSecs of [1, 86400]) pose({ lifetimeSecs });
  });

  test('queries that are malformed are refused', () => {
    const [credential] = query.credentials;
    const one = (change) => ({ query: { credentials: [{ ...credential, ...change }] } });
    const path = (value) => one({ claims: [{ path: value }] });
    refusePose('json_syntax', { query: '{' });
    refusePose('json_syntax', { query: '' });
    refusePose('json_syntax', { query: { half: '\ud800' } });
    refusePose('json_duplicate_name', { query: '{"a": 1, "a": 2}' });
    refusePose('json_too_deep', { query: '['.repeat(100_000) });
    refusePose('query_wrong_type', { query: [] });
    refusePose('query_missing', { query: {} });
    refusePose('query_empty', { query: { credentials: [] } });
    refusePose('query_id_malformed', one({ id: 'ñ' }));
    refusePose('query_id_repeated', { query: { credentials: [credential, credential] } });
    refusePose('query_id_unknown', { query: { ...query, credential_sets: [{ options: [['x']] }] } });
    refusePose('query_too_many', { query: { credentials: Array(65).fill(credential) } });
    refusePose('query_value_unsupported', one({ claims: [{ path: ['a'], values: [1.5] }] }));
    refusePose('query_claim_sets_without_claims', one({ claims: undefined, claim_sets: [['a']] }));
    refusePose('path_empty', path([]));
    refusePose('path_not_an_array', path('a'));
    refusePose('path_component_invalid', path([-1]));
    refusePose('path_too_many_segments', path(Array(100).fill('a')));
    refusePose('limit_exceeded', one({ claims: Array(250).fill({ path: ['x'.repeat(500)] }) }));
  });

  test('a kept challenge that was damaged is refused', () => {
    const kept = JSON.parse(pose().toJson());
    const read = (change) => () => Challenge.fromJson(JSON.stringify({ ...kept, ...change }));
    refuse('member_malformed', read({ request: undefined }));
    refuse('member_malformed', read({ issued_at: 'now' }));
    refuse('member_malformed', read({ lifetime_secs: 1.5 }));
    refuse('challenge_lifetime', read({ lifetime_secs: 0 }));
    refuse('json_syntax', () => Challenge.fromJson('{'));
    const posed = (issued_at) => Challenge.fromJson(JSON.stringify({ ...kept, issued_at }));
    // The ends of 64 bits: nothing overflows.
    for (const end of ['9223372036854775807', '-9223372036854775808']) {
      const text = JSON.stringify({ ...kept, issued_at: 0 }).replace('"issued_at":0', `"issued_at":${end}`);
      refuse('challenge_closed', () => Challenge.fromJson(text).verify('{}', trust, now), end);
    }
    refuse('challenge_closed', () => posed(0).verify('{}', trust, now));
  });

  test('a list of issuers that is malformed is refused', () => {
    const list = JSON.parse(fixtures.trust);
    const read = (change) => () => TrustList.fromJson(JSON.stringify({ ...list, ...change }));
    const [issuer] = list.issuers;
    const [key] = issuer.keys;
    const keyed = (jwk) => read({ issuers: [{ ...issuer, keys: [{ jwk }] }] });
    refuse('json_syntax', () => TrustList.fromJson('nonsense'));
    refuse('member_malformed', read({ issued_at: 'today' }));
    refuse('member_malformed', read({ issued_at: 8_640_000_000_001 }), 'no Date can say that');
    refuse('member_malformed', read({ issuers: [issuer, issuer] }));
    refuse('jwk', keyed({}));
    refuse('jwk', keyed({ ...key.jwk, d: key.jwk.x }));
    refuse('jwk', keyed({ ...key.jwk, y: key.jwk.x }));
    refuse('limit_exceeded', read({ issuers: [{ ...issuer, keys: Array(17).fill(key) }] }));
    const under = (anchor) => read({ issuers: [{ ...issuer, keys: undefined, x5c: { anchors: [anchor] } }] });
    refuse('certificate', under('AAAA'));
    refuse('member_malformed', under('*'));
  });

  test('a list whose types do not go together is refused', () => {
    const list = JSON.parse(fixtures.trust);
    const refuseTypes = (code, ...types) => {
      const text = JSON.stringify({ ...list, type_documents: types.map((type) => JSON.stringify(type)) });
      refuse(code, () => TrustList.fromJson(text));
    };
    const [vct, base] = ['urn:example:a', 'urn:example:b'];
    const claims = (...all) => ({ vct, claims: all });
    const overrides = (rule) => [{ ...claims({ path: ['a'] }), extends: base }, { vct: base, claims: [{ path: ['a'], ...rule }] }];
    refuseTypes('type_member_malformed', { vct, claims: 1 });
    refuseTypes('type_claim_repeated', claims({ path: ['a'] }, { path: ['a'] }));
    refuseTypes('type_svg_id', claims({ path: ['a'], svg_id: '1' }));
    refuseTypes('type_limit_exceeded', { vct, extends: base, 'extends#integrity': 'a'.repeat(4097) }, { vct: base });
    refuseTypes('type_document_missing', { vct, extends: base });
    refuseTypes('type_circular', { vct, extends: vct });
    refuseTypes('type_integrity_mismatch', { vct, extends: base, 'extends#integrity': 'sha256-AAAA' }, { vct: base });
    refuseTypes('type_mandatory_relaxed', ...overrides({ mandatory: true }));
    refuseTypes('type_sd_changed', ...overrides({ sd: 'never' }));
    const chain = Array.from({ length: 9 }, (_, n) => ({ vct: `urn:${n}`, extends: n < 8 ? `urn:${n + 1}` : undefined }));
    refuseTypes('type_chain_too_long', ...chain);
  });

  test('randomness that fails makes no challenge', () => {
    const fails = [
      () => { throw new Error('no source'); },
      () => { throw null; },
      () => undefined,
      () => 'random',
      () => new Uint8Array(31),
      () => new Uint8Array(33),
      () => new Array(32).fill(1),
      () => new Float64Array(32),
      () => ({ length: 32, __proto__: Uint8Array.prototype }),
      async (length) => new Uint8Array(length),
      (bytes) => bytes,
    ];
    for (const random of fails) refusePose('random', { random }, `${random}`);
    // The library is as good as before.
    equal(typeof pose().request(), 'string', 'a challenge');
  });

  test('randomness may ask for a challenge of its own', () => {
    const random = (length) => {
      pose();
      return new Uint8Array(length).fill(JSON.parse(pose().request()).nonce.length);
    };
    equal(JSON.parse(pose({ random }).request()).nonce.length, 43, 'a nonce');
  });

  // Misuse.

  const odd = [
    undefined, null, true, 0, -1, 1.5, NaN, Infinity, 1n, Symbol('s'), '', 'text', '\ud800', 'a\udc00b',
    {}, [], () => {}, new Date(NaN), new Date(8.64e15), new Date(-8.64e15), /x/, new Map(), new Proxy({}, {}),
    Object.create(null), new Uint8Array(4), new String('text'), { toString: () => 'text' },
    { getTime: () => 0, [Symbol.toStringTag]: 'Date' }, Object.create(Date.prototype),
    Object.create(Challenge.prototype), Object.create(TrustList.prototype),
  ];
  /** That `work` either works or is refused as it should be; returns the error. */
  const isTyped = (work, what) => {
    try {
      work();
      return undefined;
    } catch (error) {
      equal(error instanceof LlaveroError, true, `${what}: ${error}`);
      equal(typeof error.code === 'string' && error.message.length > 0, true, `${what}: code and text`);
      equal(error.code === 'internal', false, `${what}: ${error.cause}`);
      raised.add(error.code);
      return error;
    }
  };

  test('an argument of any kind gives a result or a typed error', () => {
    const story = byName('over 18');
    for (const [index, value] of odd.entries()) {
      const what = `value ${index}`;
      isTyped(() => new Challenge(value), what);
      isTyped(() => Challenge.fromJson(value), what);
      isTyped(() => TrustList.fromJson(value), what);
      isTyped(() => new TrustList(value), what);
      for (const name of [...Object.keys(options), 'random']) isTyped(() => pose({ [name]: value }), `${what} as ${name}`);
      isTyped(() => Challenge.fromJson(story.challenge).verify(value, trust, now), what);
      isTyped(() => Challenge.fromJson(story.challenge).verify(story.answer, value, now), what);
      isTyped(() => Challenge.fromJson(story.challenge).verify(story.answer, trust, value), what);
      isTyped(() => Challenge.prototype.verify.call(value, story.answer, trust, now), what);
      isTyped(() => Challenge.prototype.request.call(value), what);
      isTyped(() => Challenge.prototype.toJson.call(value), what);
      isTyped(() => TrustList.prototype.toJson.call(value), what);
      isTyped(() => Reflect.get(TrustList.prototype, 'issuedAt', value), what);
    }
    equal(verify(story).credentials.length, 1, 'the library is as good as before');
  });

  test('a wrong type is refused as that', () => {
    refuse('argument_malformed', () => new Challenge());
    refuse('argument_malformed', () => new TrustList());
    refuse('argument_malformed', () => Challenge.fromJson(trust));
    refuse('argument_malformed', () => TrustList.fromJson({ issued_at: 0, issuers: [] }));
    refuse('argument_malformed', () => trust.toJson.call(pose()));
    refuse('argument_malformed', () => pose().toJson.call(trust));
    for (const name of ['clientId', 'purpose', 'query', 'lifetimeSecs', 'now']) {
      refusePose('argument_malformed', { [name]: undefined }, name);
      refusePose('argument_malformed', { [name]: 1n }, name);
    }
    for (const half of ['\ud800', 'a\udc00', '\udc00\ud800']) {
      refusePose('argument_malformed', { purpose: half });
      refuse('argument_malformed', () => pose().verify(half, trust, now));
    }
    for (const lifetimeSecs of [NaN, Infinity, 1.5, '300', null]) refusePose('argument_malformed', { lifetimeSecs });
    for (const moment of [NaN, 0, fixtures.now, `${now}`, now.toISOString(), new Date(NaN)]) {
      refusePose('argument_malformed', { now: moment }, `${moment}`);
    }
  });

  test('an object that cannot be read is an argument that is malformed', () => {
    const cycle = {};
    cycle.cycle = cycle;
    let deep = {};
    for (let level = 0; level < 200_000; level += 1) deep = { deep };
    const throwing = { get clientId() { throw new Error('from a getter'); } };
    for (const unreadable of [cycle, { big: 1n }, { toJSON() { throw null; } }, { toJSON() {} }]) {
      refusePose('argument_malformed', { query: unreadable });
    }
    // Some engines have no stack for it, others write a text that is too long.
    equal(isTyped(() => pose({ query: deep }), 'a deep query') !== undefined, true, 'refused');
    const error = refuse('argument_malformed', () => new Challenge(throwing));
    equal(error.cause.message, 'from a getter', 'the cause');
  });

  test('a date at either end of time is a date', () => {
    for (const end of [new Date(8.64e15), new Date(-8.64e15), new Date(-1)]) {
      const posed = pose({ now: end });
      refuse('answer_credential_missing', () => posed.verify('{"vp_token": {}}', trust, end), `${+end}`);
      refuse('challenge_closed', () => pose().verify('{"vp_token": {}}', trust, end), `${+end}`);
    }
  });

  test('a part of a second before 1970 is rounded as after it', () => {
    const posed = pose({ now: new Date(-1) });
    equal(JSON.parse(posed.toJson()).issued_at, -1, 'the second that holds it');
    equal(JSON.parse(pose({ now: new Date(1999) }).toJson()).issued_at, 1, 'the second that holds it');
  });

  test('a text without end is refused for its length', () => {
    const huge = 'x'.repeat(2 ** 27);
    const wide = '🔑'.repeat(2 ** 25);
    for (const text of [huge, wide, ' '.repeat(2 ** 23 + 1)]) {
      refuse('limit_exceeded', () => TrustList.fromJson(text));
      refuse('limit_exceeded', () => Challenge.fromJson(text));
      refuse('limit_exceeded', () => pose().verify(text, trust, now));
      refusePose('limit_exceeded', { query: text });
      refusePose('member_malformed', { purpose: text });
      refusePose('member_malformed', { clientName: text });
      refusePose('member_malformed', { clientId: text });
    }
    // The longest that is read, and read to its end.
    refuse('json_syntax', () => TrustList.fromJson(' '.repeat(2 ** 23)));
    refuse('json_syntax', () => Challenge.fromJson(' '.repeat(2 ** 20)));
    refuse('limit_exceeded', () => Challenge.fromJson(' '.repeat(2 ** 20 + 1)));
    refuse('json_too_deep', () => pose().verify('['.repeat(2 ** 20), trust, now));
    // As long as may be, and of more values than may be.
    refuse('limit_exceeded', () => TrustList.fromJson(`[${'0,'.repeat(2 ** 22 - 2)}0]`));
  });

  test('a challenge cannot be taken for another, nor a list', () => {
    equal(Object.keys(pose()).length + Object.getOwnPropertySymbols(pose()).length, 0, 'nothing to reach');
    equal('free' in pose() || 'free' in trust, false, 'nothing to free');
    equal(Object.keys(library).sort().join(), 'Challenge,LlaveroError,TrustList', 'what is exported');
  });

  test('many challenges and lists leave the library as it was', () => {
    const story = byName('over 18');
    const trust = TrustList.fromJson(story.trust);
    for (let round = 0; round < 500; round += 1) {
      TrustList.fromJson(story.trust);
      pose();
      const challenge = Challenge.fromJson(story.challenge);
      if (round % 50 === 0) challenge.verify(story.answer, trust, now);
      else refuse('json_syntax', () => challenge.verify('', trust, now));
      refuse('already_used', () => challenge.verify(story.answer, trust, now));
    }
  });

  // Every byte.

  for (const name of ['over 18', 'over 18, with the other curve']) {
    test(`a changed byte anywhere is refused: ${name}`, () => {
      const story = byName(name);
      const list = TrustList.fromJson(story.trust);
      const { vp_token: { age: [presentation] } } = JSON.parse(story.answer);
      const say = (text) =>
        Challenge.fromJson(story.challenge).verify(JSON.stringify({ vp_token: { age: [text] } }), list, now);
      equal(say(presentation).credentials.length, 1, 'unchanged');
      const ends = [0, presentation.indexOf('~'), presentation.lastIndexOf('~'), presentation.length - 1];
      const positions = new Set(ends);
      for (let position = 0; position < presentation.length; position += 7) positions.add(position);
      let tried = 0;
      for (const position of positions) {
        const [before, after] = [presentation.slice(0, position), presentation.slice(position + 1)];
        const was = presentation[position];
        for (const other of [was === 'A' ? 'B' : 'A', position % 3 ? '~' : '.', '']) {
          if (other === was) continue;
          const what = `"${other}" at ${position}`;
          const error = isTyped(() => say(before + other + after), what);
          equal(error !== undefined, true, `${what}: refused`);
          equal(error.query === 'age' && error.index === 0, true, `${what}: where`);
          tried += 1;
        }
      }
      equal(tried > 500, true, `${tried} changes`);
    });
  }
  // All of them.

  test('every code was brought about but those that cannot be', () => {
    const unreachable = {
      answer_empty: 'the reader of answers refuses an empty list first (member_malformed)',
      answer_id_unknown: 'the verifier refuses it first (unknown_query)',
      answer_repeated: 'the reader of answers refuses it first (json_duplicate_name)',
      claim_missing: 'the verifier requires claims by its query alone',
      claim_not_found: 'said to a holder who chooses',
      issuer_mismatch: 'the issuer in the token chooses whom to compare it with',
      key_format: 'said to a holder whose device signs',
      mismatch_holder_binding: 'the verifier refuses it first (key_binding_missing)',
      path_array_expected: 'said to whoever selects; a query finds no claim instead',
      path_nothing_selected: 'said to whoever selects; a query finds no claim instead',
      path_object_expected: 'said to whoever selects; a query finds no claim instead',
      path_syntax: 'a path as text; a query has it as JSON',
      signer_cancelled: 'nobody signs here',
      signer_key_mismatch: 'nobody signs here',
      signer_unavailable: 'nobody signs here',
      template_name: 'said to an issuer',
      type_claim_missing: 'said to issuer and holder, who see the whole',
      type_vct_mismatch: 'said to an issuer; a credential is looked up by its type',
    };
    const missing = fixtures.codes.filter((code) => !raised.has(code) && !(code in unreachable));
    equal(missing.join(), '', 'codes that no test brought about');
    const reached = Object.keys(unreachable).filter((code) => raised.has(code));
    equal(reached.join(), '', 'codes that can be brought about after all');
    const unknown = Object.keys(unreachable).filter((code) => !fixtures.codes.includes(code));
    equal(unknown.join(), '', 'codes that there are not');
  });

  return all;
}
