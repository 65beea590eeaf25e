// Drives the npm package `@sd-jwt/sd-jwt-vc` over the protocol of ../README.md: one JSON command
// per line on standard input, one JSON answer per line on standard output, so that a single
// process serves many cases.

import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { createInterface } from "node:readline";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";

/** The command asks for something the library cannot do. */
class Unsupported extends Error {}

// The library brings no cryptography: hash, salts and signatures are the caller's to supply.
const HASHES = { "sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512" };

function hasher(data, alg) {
  const name = HASHES[alg];
  if (!name) throw new Unsupported(`hash ${alg}`);
  return createHash(name).update(Buffer.from(data)).digest();
}

const saltGenerator = (length) => randomBytes(length).toString("base64url");

/** What node:crypto needs for the algorithm that belongs to a key. */
function scheme(jwk) {
  if (jwk.kty === "EC" && jwk.crv === "P-256") {
    return { alg: "ES256", digest: "sha256", options: { dsaEncoding: "ieee-p1363" } };
  }
  if (jwk.kty === "OKP" && jwk.crv === "Ed25519") return { alg: "EdDSA", digest: null, options: {} };
  throw new Unsupported(`key type ${jwk.kty} ${jwk.crv}`);
}

function signer(jwk) {
  const { digest, options } = scheme(jwk);
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  return (data) => sign(digest, Buffer.from(data), { key, ...options }).toString("base64url");
}

const verifiers = new Map();

function verifier(jwk) {
  const text = JSON.stringify(jwk);
  let found = verifiers.get(text);
  if (!found) {
    const { digest, options } = scheme(jwk);
    const key = createPublicKey({ key: jwk, format: "jwk" });
    found = (data, signature) =>
      verify(digest, Buffer.from(data), { key, ...options }, Buffer.from(signature, "base64url"));
    // A token can bring a key of its own: those are not kept for ever.
    if (verifiers.size < 64) verifiers.set(text, found);
  }
  return found;
}

const publicPart = ({ d, ...jwk }) => jwk;

function step(value, name) {
  return value !== null && typeof value === "object" && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The disclosure frame: `_sd` lists the names or indices concealed at each level. */
function disclosureFrame(claims, paths) {
  const frame = {};
  for (const path of paths) {
    // The library would not notice a mistyped path: the claim would go out in clear.
    if (path.reduce(step, claims) === undefined) throw new Error(`no claim at ${JSON.stringify(path)}`);
    let node = frame;
    for (const name of path.slice(0, -1)) node = node[name] ??= {};
    (node._sd ??= []).push(path.at(-1));
  }
  return frame;
}

/** The presentation frame: `true` at each path to disclose; the library adds the parents. */
function presentationFrame(paths) {
  const frame = {};
  for (const path of paths) {
    let node = frame;
    for (const name of path.slice(0, -1)) {
      if (node[name] === undefined || node[name] === true) node[name] = {};
      node = node[name];
    }
    node[path.at(-1)] ??= true;
  }
  return frame;
}

async function issue(command) {
  if (scheme(command.issuer_jwk).alg !== command.alg) {
    throw new Unsupported(`algorithm ${command.alg} with this key`);
  }
  const instance = new SDJwtVcInstance({
    hasher,
    saltGenerator,
    hashAlg: "sha-256",
    signAlg: command.alg,
    signer: signer(command.issuer_jwk),
    // The header is the command's: without `typ` there, none is written.
    omitTyp: true,
  });
  const cnf = command.holder_jwk ? { cnf: { jwk: publicPart(command.holder_jwk) } } : {};
  const sd_jwt = await instance.issue(
    { ...command.claims, ...cnf },
    disclosureFrame(command.claims, command.disclosable),
    { header: command.header ?? {} },
  );
  return { sd_jwt };
}

async function present(command) {
  const { holder_jwk, aud, nonce } = command;
  const instance = new SDJwtVcInstance({
    hasher,
    saltGenerator,
    ...(holder_jwk && { kbSigner: signer(holder_jwk), kbSignAlg: scheme(holder_jwk).alg }),
  });
  const iat = command.iat ?? Math.floor(Date.now() / 1000);
  const presentation = await instance.present(
    command.sd_jwt,
    presentationFrame(command.disclose),
    holder_jwk ? { kb: { payload: { iat, aud, nonce } } } : undefined,
  );
  return { presentation };
}

async function verifyPresentation(command) {
  const { issuer_jwk, presentation, aud, nonce } = command;
  const instance = new SDJwtVcInstance({
    hasher,
    verifier: verifier(issuer_jwk),
    kbVerifier: (data, signature, payload) => verifier(payload.cnf.jwk)(data, signature),
  });
  const { payload, kb } = await instance.verify(presentation, {
    keyBindingNonce: nonce ?? undefined,
    currentDate: command.now ?? undefined,
    // A status list would be fetched from the network.
    disableStatusVerification: true,
  });
  // The library leaves the audience to its caller.
  if (aud != null && kb?.payload.aud !== aud) throw new Error("the audience differs (found by the driver)");
  return { claims: payload };
}

const OPERATIONS = { issue, present, verify: verifyPresentation };

async function answer(line) {
  const command = JSON.parse(line);
  const operation = OPERATIONS[command.op];
  if (!operation) throw new Error(`no operation ${command.op}`);
  try {
    return { ok: true, ...(await operation(command)) };
  } catch (error) {
    if (error instanceof Unsupported) return { ok: false, unsupported: error.message };
    return { ok: false, error: `${error?.name ?? "Error"}: ${error?.message ?? error}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}
