"""An app that somebody of a node has signed in to: what no command does, such as a secret vote."""
import http.cookiejar
import json
import re
import urllib.parse
import urllib.request

from kit import expect

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
PASSWORD = "correct horse battery"


class App:
    def __init__(self, node, name, scopes="read write"):
        self.base, self.token = node.base, None
        node("account", "password", name, text=PASSWORD + "\n")
        app = self.post("/api/v1/apps", client_name="Tests", redirect_uris=OUT_OF_BAND, scopes=scopes)
        self.token = self.post("/oauth/token", grant_type="authorization_code", client_id=app["client_id"],
                               client_secret=app["client_secret"], redirect_uri=OUT_OF_BAND,
                               code=self.consent(app["client_id"], name, scopes))["access_token"]

    def consent(self, client, name, scopes):
        """The code that the pages of sign-in and consent end with."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        query = {"response_type": "code", "client_id": client, "redirect_uri": OUT_OF_BAND, "scope": scopes}
        url = f"{self.base}/oauth/authorize?{urllib.parse.urlencode(query)}"

        def visit(form=None):
            data = urllib.parse.urlencode(form).encode() if form else None
            with browser.open(url, data, timeout=10) as answer:
                return answer.read().decode()

        def hidden(page):
            return re.search(r'name="token" value="([^"]*)"', page).group(1)

        page = visit({"step": "sign_in", "token": hidden(visit()), "login": name, "password": PASSWORD})
        page = visit({"step": "consent", "token": hidden(page)})
        code = re.search(r'<code class="code"[^>]*>([^<]+)<', page)
        expect(code, "no code:", page[:500])
        return code.group(1)

    def post(self, path, **fields):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.base + path, json.dumps(fields).encode(), headers, method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
