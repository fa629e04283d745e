"""The sign-in pages' one address, `/oauth/authorize`: GET shows what is to be done next, POST does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio.to_thread
from authlib.oauth2.rfc6749 import OAuth2Error
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from hub.access.accounts import Account
from hub.access.app_server import AppRequest, AppServer
from hub.access.apps import App
from hub.access.issuer import AUTHORIZE_PATH, Issuer
from hub.access.passwords import MIN_LENGTH
from hub.access.second_factor import provisioning_uri, qr_svg
from hub.access.sign_in import Attempt, Session, SignIn, Step
from hub.access.sign_in_errors import FORM, OVER, REPEATED, Reason, SignInError
from hub.web.sign_in.browser import Cookies, attempt_of, form_token, new_cookie, read_form
from hub.web.sign_in.pages import STYLE, Pages
from hub.web.sign_in.refusals import refusal

#: how authenticator apps name the account
_ISSUER_NAME = "保供 Baogong"


@dataclass(slots=True)
class Visit:
    """One request of a browser, read."""

    asked: AppRequest
    app: App
    cookie: str
    attempt: Attempt
    session: Session | None = None
    form: dict[str, str] = field(default_factory=dict)
    #: whether the browser has yet to be given its cookie
    is_new: bool = False

    @property
    def step(self) -> Step:
        """What is to be done next."""
        return Step.PASSWORD if self.session is None else self.session.step

    @property
    def signed(self) -> Session:
        """The session. Raises SignInError where the password has yet to be given."""
        if self.session is None:
            raise SignInError(OVER)
        return self.session


class SignInPages:
    """The pages."""

    def __init__(self, issuer: Issuer, sign_in: SignIn, provider_name: str | None = None) -> None:
        """`provider_name`: how the OpenID provider is called; None: there is none."""
        self._issuer = issuer
        self._sign_in = sign_in
        self._server = AppServer(issuer)
        self._pages = Pages()
        self.cookies = Cookies(issuer.url)
        self._provider_name = provider_name
        self._steps: dict[str, Callable[[Visit], Awaitable[Response | None]]] = {
            "password": self._password,
            "second_factor": self._second_factor,
            "new_password": self._new_password,
            "enrol": self._enrol,
            "continue": self._continue,
            "switch": self._switch,
        }

    def routes(self) -> list[Route]:
        """To be mounted at the root."""

        async def style(_request: Request) -> Response:
            return FileResponse(STYLE, media_type="text/css", headers={"Cache-Control": "no-cache"})

        return [
            Route(AUTHORIZE_PATH, self._show, methods=["GET"]),
            Route(AUTHORIZE_PATH, self._act, methods=["POST"]),
            Route("/oauth/sign-in.css", style, methods=["GET"]),
        ]

    async def _show(self, request: Request) -> Response:
        try:
            visit = await self.visit(request, request.url.query)
            if visit.step is Step.DONE and not visit.app.asks_again:
                return await self._code(visit)
            return await self._page(visit)
        except OAuth2Error as error:
            return self.refused(error)

    async def _act(self, request: Request) -> Response:
        cookie = self.cookies.read(request)
        try:
            form, is_own = await read_form(request, cookie, self._issuer.url)
            visit = await self.visit(request, form.get("request", ""))
            visit.form = form
            return await self._take(visit) if is_own else await self._page(visit, FORM)
        except OAuth2Error as error:
            return self.refused(error)

    async def _take(self, visit: Visit) -> Response:
        """Do the step; then the next page, or back to the application."""
        act = self._steps.get(visit.form.get("step", ""), self._unknown)
        try:
            answer = await act(visit)
        except SignInError as error:
            return await self._page(visit, error.reason)
        if answer is not None:
            return answer
        visit.session = await self._sign_in.session(visit.cookie)
        answer = await self._code(visit) if visit.step is Step.DONE else self._again(visit)
        self.cookies.write(answer, visit.cookie)
        return answer

    async def visit(self, request: Request, query: str) -> Visit:
        """What the application asks for, checked, and who is there. Raises OAuth2Error."""
        asked = AppRequest(self._issuer, query)
        grant = self._server.get_consent_grant(asked)
        app: App = grant.client.app
        cookie = self.cookies.read(request)
        return Visit(
            asked,
            app,
            cookie or new_cookie(),
            attempt_of(request, app.client_id),
            await self._sign_in.session(cookie),
            is_new=cookie is None,
        )

    async def _password(self, visit: Visit) -> None:
        form = visit.form
        visit.cookie = await self._sign_in.password(
            form.get("user_name", ""),
            form.get("password", ""),
            visit.attempt,
            wants_new_password="change" in form,
        )

    async def _second_factor(self, visit: Visit) -> None:
        await self._sign_in.second_factor(visit.signed, visit.form.get("code", ""), visit.attempt)

    async def _new_password(self, visit: Visit) -> None:
        old, new, again = (visit.form.get(name, "") for name in ("old", "new", "again"))
        if new != again:
            raise SignInError(REPEATED)
        await self._sign_in.new_password(visit.signed, old, new, visit.attempt)

    async def _enrol(self, visit: Visit) -> Response:
        codes = await self._sign_in.enrol(visit.signed, visit.form.get("code", ""), visit.attempt)
        return self._render(visit, "recovery", codes=codes)

    async def _continue(self, visit: Visit) -> None:
        if visit.step is not Step.DONE:
            raise SignInError(OVER)

    async def _unknown(self, visit: Visit) -> None:
        raise SignInError(OVER)

    async def _switch(self, visit: Visit) -> Response:
        if visit.session is not None:
            await self._sign_in.end(visit.session, visit.attempt)
        answer = self._again(visit)
        self.cookies.clear(answer)
        return answer

    async def onward(self, visit: Visit) -> Response:
        """What follows where the OpenID provider said who it is. The browser gets its session with the answer."""
        if visit.app.asks_again:
            answer = await self._page(visit)
        else:
            answer = await self._code(visit)
        self.cookies.write(answer, visit.cookie)
        return answer

    def stop(self, why: Reason) -> Response:
        """A page that says why it does not go on."""
        return self._pages.page("error", status=why.status, message=why.message, code=why.code, detail=None)

    async def _code(self, visit: Visit) -> Response:
        """Back to the application with a code."""
        session = visit.signed
        await self._sign_in.keep(session)
        return await self.answer(visit.asked, session.account, session.row.session_hash)

    async def answer(self, asked: AppRequest, account: Account, session_hash: bytes | None) -> Response:
        """Back to the application that asked, with a code for this account."""
        grant = self._server.get_authorization_grant(asked)
        response: Response = await anyio.to_thread.run_sync(
            lambda: self._server.create_authorization_response(asked, (account, session_hash), grant)
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _again(self, visit: Visit) -> Response:
        """Show what comes next: a page that can be loaded again without sending a form again."""
        return RedirectResponse(
            f"{AUTHORIZE_PATH}?{visit.asked.query}", 303, headers={"Cache-Control": "no-store"}
        )

    async def _page(self, visit: Visit, why: Reason | None = None) -> Response:
        """The page of what is to be done next."""
        match visit.step:
            case Step.PASSWORD:
                name = visit.form.get("user_name", "")
                return self._render(visit, "password", why, user_name=name, provider=self._provider_name)
            case Step.NEW_PASSWORD:
                return self._render(visit, "new_password", why, min_length=MIN_LENGTH)
            case Step.ENROL:
                return await self._enrol_page(visit, why)
            case Step.DONE:
                return self._render(visit, "confirm", why)
            case Step.SECOND_FACTOR:
                return self._render(visit, "second_factor", why)

    async def _enrol_page(self, visit: Visit, why: Reason | None) -> Response:
        secret = await self._sign_in.offered_secret(visit.signed)
        uri = provisioning_uri(secret, visit.signed.account.user_name, _ISSUER_NAME)
        # the picture is made of squares alone, whatever the address
        return self._render(visit, "enrol", why, secret=secret, uri=uri, qr=Markup(qr_svg(uri)))  # noqa: S704

    def _render(self, visit: Visit, name: str, why: Reason | None = None, **values: object) -> Response:
        retry = (
            {}
            if why is None or why.retry_after_seconds is None
            else {"Retry-After": str(why.retry_after_seconds)}
        )
        answer = self._pages.page(
            name,
            status=200 if why is None else why.status,
            message=None if why is None else why.message,
            targets=(visit.asked.payload.redirect_uri,),
            headers=retry,
            app=visit.app,
            account=None if visit.session is None else visit.session.account,
            request=visit.asked.query,
            token=form_token(visit.cookie),
            **values,
        )
        if visit.is_new:
            self.cookies.write(answer, visit.cookie)
        return answer

    def refused(self, error: OAuth2Error) -> Response:
        """Back to the application with the error, or a page where it is not known whether that is one."""
        if error.redirect_uri:
            return self._server.handle_response(*error())
        return self._pages.page(
            "error",
            status=400,
            message=refusal(error.error),
            code=error.error,
            detail=error.description,
        )
