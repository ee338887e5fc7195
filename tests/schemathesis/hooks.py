"""What the description cannot say in JSON Schema, told to Schemathesis.

The values of five formats; parameters that exclude each other; what a mail is; which mails there
are; and that a test does not want to wait. Everything else it learns from the document.
"""

import os
import re

import requests
import schemathesis
from hypothesis import strategies as st

URL = os.environ["RESTANTE_URL"]

SELECTION = ["q", "inbox", "to", "from", "rcpt", "subject", "text"]
RECIPIENTS = ["to", "cc", "bcc"]
DURATIONS = ["none", "settle", "within"]
GOALS = ["exactly", "none", "count"]

SESSION = requests.Session()
RUN = SESSION.get(f"{URL}/v1/cursor", timeout=5).json()["cursor"].split(".")[0]

WORDS = ["hello", '"two words"', "to:bob@x.test", "from:@x.test", "size>1k", "is:unread", "has:html"]
TERMS = st.sampled_from(WORDS) | st.sampled_from(WORDS).map(lambda term: "-" + term)
TERMS |= st.just("subject~/^mail \\d+/")

QUERIES = st.lists(TERMS, min_size=1, max_size=4).map(" ".join)
QUERIES |= st.lists(TERMS, min_size=2, max_size=3).map(" OR ".join)
CURSORS = st.integers(0, 10_000).map(lambda number: f"{RUN}.{number}")

MAILBOX = st.sampled_from(["a@x.test", "Bob <bob@x.test>", '"Bo, B." <"b o"@x.test>', "ü@[IPv6:::1]"])
MAILBOXES = st.lists(MAILBOX, min_size=1, max_size=3).map(", ".join)
MAILS = st.binary(max_size=2_000)
MAILS |= MAILS.map(lambda mail: b"To: Bob <bob@x.test>\r\nContent-Type: text/html\r\n" + mail)

schemathesis.openapi.format("restante-query", QUERIES)
schemathesis.openapi.format("restante-mailbox", MAILBOX | st.just(""))
schemathesis.openapi.format("restante-mailboxes", MAILBOXES)
schemathesis.openapi.media_type("message/rfc822", MAILS)
schemathesis.openapi.format("restante-cursor", CURSORS)
schemathesis.openapi.format("restante-duration", st.sampled_from(["0", "0s", "1ms", "20ms"]))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # The example of a mail is a text; where there is a strategy of bytes, Schemathesis takes no text.
    create = raw_schema["paths"]["/v1/messages"]["post"]
    del create["requestBody"]["content"]["message/rfc822"]["example"]


@schemathesis.hook
def before_call(context, case, kwargs):
    is_valid = case.meta is not None and not case.meta.generation.mode.is_negative
    query = dict(case.query or {})
    if case.path == "/v1/expect":
        # Also what is wrong: a shorter wait may be all that it takes to make it right.
        if case.method == "GET":
            case.query = without_waiting(reconciled(query))
        elif isinstance(case.body, dict):
            case.body = without_waiting(reconciled(case.body))
    elif is_valid and case.path == "/v1/messages" and case.method == "POST":
        if isinstance(case.body, dict) and not any(case.body.get(name) for name in RECIPIENTS):
            case.body = {**case.body, "to": "ada@x.test"}
    elif is_valid and case.path == "/v1/messages" and case.method in ("PATCH", "DELETE"):
        if any(name in query for name in SELECTION):
            query.pop("all", None)
        else:
            query["all"] = "true"
        case.query = query
    elif is_valid and "/messages/{id}" in case.path and case.path_parameters.get("id") != "latest":
        if case.meta.phase.name.value == "stateful":
            # A mail that `until` spares is answered with 200 and `{"deleted": 0}`, and still there.
            query.pop("until", None)
        else:
            case.path_parameters = path_of_a_mail(case.path_parameters)
        case.query = {name: value for name, value in query.items() if name not in SELECTION}


def path_of_a_mail(parameters):
    """The id of a mail that is held, and often the number of a part that it has."""
    messages = SESSION.get(f"{URL}/v1/messages?limit=5", timeout=5).json()["messages"]
    if not messages:
        return parameters
    found = {**parameters, "id": messages[-1]["id"]}
    if len(str(parameters.get("path", ""))) == 1:
        found["path"] = "1"
    return found


def without_waiting(fields):
    """The same, but no duration is long; the default of `within` is 10 seconds."""
    fields = dict(fields)
    for name in DURATIONS:
        if isinstance(fields.get(name), str) and re.fullmatch(r"[0-9]+(ms|s|m|h)", fields[name]):
            fields[name] = "5ms"
    if fields.get("none") is None and fields.get("within") is None:
        fields["within"] = "0"
    return fields


def reconciled(fields):
    """The same with only one of the goals, and with it only what goes with it."""
    given = [name for name in GOALS if fields.get(name) is not None]
    goal = given[0] if given else "count"
    unfit = {"count": ["settle", "until"], "none": ["settle", "within"], "exactly": []}[goal]
    return {name: value for name, value in fields.items() if name not in given[1:] + unfit}
