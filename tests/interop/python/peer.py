"""Drives the PyPI package `sd-jwt` over the protocol of ../README.md.

One JSON command per line on standard input, one JSON answer per line on standard output, so that
a single process serves many cases.
"""

import json
import sys
from functools import lru_cache

from jwcrypto.jwk import JWK
from sd_jwt import holder as holder_module
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

# The library stamps a KB-JWT with the system clock and takes no time: its `time` is replaced.
SYSTEM_TIME = holder_module.time


class Unsupported(Exception):
    """The command asks for something the library cannot do."""


def algorithm(jwk):
    """The signature algorithm that belongs to a key."""
    kind = (jwk.get("kty"), jwk.get("crv"))
    if kind == ("EC", "P-256"):
        return "ES256"
    if kind == ("OKP", "Ed25519"):
        return "EdDSA"
    raise Unsupported(f"key type {kind}")


def key(jwk):
    return decoded(json.dumps(jwk))


@lru_cache(maxsize=64)
def decoded(jwk):
    return JWK.from_json(jwk)


def tree(paths):
    """The paths as nested dictionaries, `{"a": {0: {}}}` for `["a", 0]`."""
    root = {}
    for path in paths:
        node = root
        for step in path:
            node = node.setdefault(step, {})
    return root


def mark(value, concealed, path=()):
    """The claims with every name or array element at a concealed path wrapped in `SDObj`."""

    def wrap(step, part):
        return SDObj(part) if (*path, step) in concealed else part

    if isinstance(value, dict):
        return {
            wrap(name, name): mark(member, concealed, (*path, name))
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [
            wrap(index, mark(element, concealed, (*path, index)))
            for index, element in enumerate(value)
        ]
    return value


def exists(value, path):
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def selection(node):
    """A node of `tree` in the form the holder wants: `None` skips an array element."""
    if not node:
        return True
    if all(isinstance(step, int) for step in node):
        return [
            selection(node[index]) if index in node else None
            for index in range(max(node) + 1)
        ]
    return {name: selection(child) for name, child in node.items()}


class Verifier(SDJWTVerifier):
    """The library checks a KB-JWT as ES256 unless told otherwise, and its constructor cannot be
    told: the algorithm is taken from the type of the `cnf` key."""

    def _verify_key_binding_jwt(self, expected_aud=None, expected_nonce=None, sign_alg=None):
        jwk = (self._holder_public_key_payload or {}).get("jwk") or {}
        alg = "EdDSA" if jwk.get("kty") == "OKP" else sign_alg
        super()._verify_key_binding_jwt(expected_aud, expected_nonce, alg)


def issue(command):
    if algorithm(command["issuer_jwk"]) != command["alg"]:
        raise Unsupported(f"algorithm {command['alg']} with this key")
    claims = command["claims"]
    concealed = {tuple(path) for path in command["disclosable"]}
    # The library would not notice a mistyped path: the claim would go out in clear.
    for path in concealed:
        if not exists(claims, path):
            raise ValueError(f"no claim at {list(path)}")
    issuer = SDJWTIssuer(
        mark(claims, concealed),
        key(command["issuer_jwk"]),
        holder_key=key(command["holder_jwk"]) if command.get("holder_jwk") else None,
        sign_alg=command["alg"],
        extra_header_parameters=command.get("header") or {},
    )
    return {"sd_jwt": issuer.sd_jwt_issuance}


def present(command):
    jwk = command.get("holder_jwk")
    iat = command.get("iat")
    holder_module.time = SYSTEM_TIME if iat is None else lambda: iat
    holder = SDJWTHolder(command["sd_jwt"])
    holder.create_presentation(
        selection(tree(command["disclose"])) if command["disclose"] else {},
        nonce=command.get("nonce"),
        aud=command.get("aud"),
        holder_key=key(jwk) if jwk else None,
        sign_alg=algorithm(jwk) if jwk else None,
    )
    return {"presentation": holder.sd_jwt_presentation}


def verify(command):
    # `now` has no use here: the library checks neither `exp` nor `nbf` nor any `iat`.
    issuer_key = key(command["issuer_jwk"])
    verifier = Verifier(
        command["presentation"],
        lambda issuer, header: issuer_key,
        expected_aud=command.get("aud"),
        expected_nonce=command.get("nonce"),
    )
    return {"claims": verifier.get_verified_payload()}


OPERATIONS = {"issue": issue, "present": present, "verify": verify}


def answer(line):
    command = json.loads(line)
    operation = OPERATIONS[command["op"]]
    try:
        return {"ok": True, **operation(command)}
    except Unsupported as error:
        return {"ok": False, "unsupported": str(error)}
    except Exception as error:  # The library refuses with whatever exception it ran into.
        return {"ok": False, "error": f"{type(error).__name__}: {error}"}


def main():
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for line in sys.stdin:
        print(json.dumps(answer(line)), flush=True)


if __name__ == "__main__":
    main()
