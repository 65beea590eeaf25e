// A door that asks one thing: whether somebody is over 18. Everything happens in this page; nothing is sent.
//
// `trust-list.json` beside this page says whom to believe. The package is where npm puts it.
import { Challenge, LlaveroError, TrustList } from '../node_modules/llavero-verifier/index.js';

const AGE = 'urn:example:mx:age:1';

const QUERY = {
  credentials: [{
    id: 'age',
    format: 'dc+sd-jwt',
    meta: { vct_values: [AGE] },
    claims: [{ path: ['age_equal_or_over', '18'] }],
  }],
};

const TEXTS = {
  es: {
    locale: 'es-MX',
    title: '¿Mayor de 18?',
    introduction: 'Esta página comprueba una respuesta sin conexión: no envía nada a nadie.',
    question: '1. Pregunta',
    questionHint: 'La cartera recibe este texto, por ejemplo como código QR.',
    ask: 'Otra pregunta',
    reply: '2. Respuesta de la cartera',
    verify: 'Comprobar',
    yes: 'Mayor de 18 años',
    no: 'No es mayor de 18 años',
    issuedBy: 'Lo dice',
    validUntil: 'Vigente hasta',
    revocation: {
      not_checked: 'No se consultó si fue revocada.',
      not_provided: 'Sin lista de revocación: vale hasta que vence.',
    },
    listMade: 'Lista de confianza hecha',
    listOld: 'Quien haya perdido la confianza desde entonces todavía está en ella.',
    refused: 'No se acepta',
    refusals: {
      already_used: 'Esta pregunta ya se respondió. Haz una pregunta nueva.',
      challenge_closed: 'La respuesta llegó tarde. Haz una pregunta nueva.',
      expired: 'La credencial ya venció.',
      json_syntax: 'El texto pegado no es una respuesta completa.',
      nonce_mismatch: 'Es la respuesta a otra pregunta.',
      untrusted: 'Quien la emitió no está en la lista de confianza.',
    },
    otherRefusal: 'La respuesta no es válida para esta pregunta.',
  },
  en: {
    locale: 'en',
    title: 'Over 18?',
    introduction: 'This page checks an answer offline: it sends nothing to anybody.',
    question: '1. Question',
    questionHint: 'The wallet gets this text, as a QR code for example.',
    ask: 'Another question',
    reply: '2. The wallet’s answer',
    verify: 'Check',
    yes: 'Over 18',
    no: 'Not over 18',
    issuedBy: 'Who says so',
    validUntil: 'Valid until',
    revocation: {
      not_checked: 'Nobody looked up whether it was revoked.',
      not_provided: 'There is no status list: it lives until it expires.',
    },
    listMade: 'Trust list made',
    listOld: 'Whoever lost trust since is still on it.',
    refused: 'Not accepted',
    refusals: {
      already_used: 'This question was answered before. Ask a new one.',
      challenge_closed: 'The answer came too late. Ask a new question.',
      expired: 'The credential has expired.',
      json_syntax: 'The text is not a whole answer.',
      nonce_mismatch: 'It is the answer to another question.',
      untrusted: 'Its issuer is not on the trust list.',
    },
    otherRefusal: 'The answer is not valid for this question.',
  },
};

const at = (id) => document.getElementById(id);
let texts = navigator.language.startsWith('en') ? TEXTS.en : TEXTS.es;
let trust;
let challenge;
/** Shows the last outcome again, in another language. */
let showOutcome = () => {};

function speak(language) {
  texts = TEXTS[language];
  document.documentElement.lang = texts.locale;
  document.title = texts.title;
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = texts[element.dataset.text];
  }
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language));
  }
  showOutcome();
}

function ask() {
  challenge = new Challenge({
    clientId: 'https://bar.example',
    clientName: 'Bar La Esquina',
    purpose: 'Vender alcohol',
    query: QUERY,
    lifetimeSecs: 300,
    now: new Date(),
  });
  at('request').textContent = challenge.request();
  at('answer').value = '';
  at('verdict').hidden = true;
  showOutcome = () => {};
}

/** Runs `work` and shows what comes of it. */
function outcome(work) {
  try {
    const verdict = work();
    showOutcome = () => verdict && showVerdict(verdict);
  } catch (error) {
    if (!(error instanceof LlaveroError)) throw error;
    showOutcome = () => show('refused', texts.refused, [
      texts.refusals[error.code] ?? texts.otherRefusal,
      `${error.code}: ${error.message}`,
    ]);
  }
  showOutcome();
}

function showVerdict({ credentials: [credential], checkedAt, trustIssuedAt }) {
  const over18 = credential.claims[0].values[0] === true;
  const day = new Intl.DateTimeFormat(texts.locale, { dateStyle: 'long' });
  const moment = new Intl.DateTimeFormat(texts.locale, { dateStyle: 'long', timeStyle: 'short' });
  show(over18 ? 'yes' : 'no', over18 ? texts.yes : texts.no, [
    `${texts.issuedBy}: ${credential.issuerName} (${credential.issuer})`,
    // With the hour: midnight in UTC is another day in Mexico.
    credential.expires && `${texts.validUntil}: ${moment.format(credential.expires)}`,
    texts.revocation[credential.revocation],
    `${texts.listMade} ${ago(trustIssuedAt, checkedAt)} (${day.format(trustIssuedAt)}). ${texts.listOld}`,
  ]);
}

function ago(then, now) {
  const days = Math.floor((now - then) / 86_400_000);
  return new Intl.RelativeTimeFormat(texts.locale, { numeric: 'auto' }).format(-days, 'day');
}

function show(kind, heading, lines) {
  const title = document.createElement('h2');
  title.textContent = heading;
  const paragraphs = lines.filter(Boolean).map((line) => {
    const paragraph = document.createElement('p');
    // As text: a name from a credential or a list is never markup.
    paragraph.textContent = line;
    return paragraph;
  });
  at('verdict').dataset.outcome = kind;
  at('verdict').replaceChildren(title, ...paragraphs);
  at('verdict').hidden = false;
}

for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => speak(button.dataset.language));
}
at('ask').addEventListener('click', ask);
at('verify').addEventListener('click', () => {
  outcome(() => challenge.verify(at('answer').value, trust, new Date()));
});

speak(texts === TEXTS.en ? 'en' : 'es');
ask();
const list = await (await fetch('trust-list.json')).text();
outcome(() => {
  trust = TrustList.fromJson(list);
  at('verify').disabled = false;
});
