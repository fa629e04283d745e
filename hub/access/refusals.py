"""Why a request is not let in, and how it is told so (RFC 6750, RFC 9449)."""

from typing import Literal

from starlette.responses import JSONResponse

from hub.access.algorithms import OF_CLIENTS

TokenErrorCode = Literal["missing_token", "invalid_token", "invalid_dpop_proof", "temporarily_unavailable"]

_REALM = 'realm="baogong"'
_ALGORITHMS = f'algs="{" ".join(OF_CLIENTS)}"'


class TokenError(Exception):
    """The request carries no token that the hub accepts; `description` says why, Chinese first."""

    def __init__(self, code: TokenErrorCode, description: str, *, of_proof: bool = False) -> None:
        """`of_proof`: whether the token would be good with a proof of its key."""
        super().__init__(f"{code}: {description}")
        self.code: TokenErrorCode = code
        self.description = description
        self.of_proof = of_proof

    @property
    def challenge(self) -> str:
        """How to ask, as WWW-Authenticate has it."""
        if self.code == "missing_token":
            # whoever sent no token at all is told only how to ask (RFC 6750 §3.1)
            return f"Bearer {_REALM}, DPoP {_ALGORITHMS}"
        reason = f'error="{self.code}"'
        return f"DPoP {_REALM}, {reason}, {_ALGORITHMS}" if self.of_proof else f"Bearer {_REALM}, {reason}"


def missing_token() -> TokenError:
    """Nothing was presented."""
    return TokenError(
        "missing_token", "请求须带访问令牌 Authorization: Bearer … / a bearer access token is needed"
    )


def invalid_token(chinese: str, english: str, *, of_proof: bool = False) -> TokenError:
    """A token that is not good, or no longer."""
    return TokenError("invalid_token", f"{chinese} / {english}", of_proof=of_proof)


def invalid_proof(chinese: str, english: str) -> TokenError:
    """A proof of possession that proves nothing."""
    return TokenError("invalid_dpop_proof", f"{chinese} / {english}", of_proof=True)


def not_now(chinese: str, english: str) -> TokenError:
    """The token may be good, which cannot be told just now."""
    return TokenError("temporarily_unavailable", f"{chinese}，请稍后再试 / {english}; try again")


def refusal_response(error: TokenError) -> JSONResponse:
    """401 with the challenge in its header and the reason in its JSON body; 503 where it may be the hub's fault."""
    body = {"error": error.code, "error_description": error.description}
    if error.code == "temporarily_unavailable":
        return JSONResponse(body, 503, {"Retry-After": "2", "Cache-Control": "no-store"})
    return JSONResponse(body, 401, {"WWW-Authenticate": error.challenge, "Cache-Control": "no-store"})
