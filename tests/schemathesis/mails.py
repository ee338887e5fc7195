"""Sends mails of several kinds to a port of this machine until it is stopped."""

import itertools
import smtplib
import sys
import time
from email.message import EmailMessage

with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as client:
    for wrong in ("MAIL FROM:<", "RCPT TO:<x@x.test>"):
        client.docmd(wrong)
    for number in itertools.count():
        mail = EmailMessage()
        mail["From"] = "Shop <shop@x.test>"
        mail["To"] = "Bob <bob@x.test>" if number % 2 else "ada@example.test"
        mail["Subject"] = f"mail {number}"
        mail.set_content(f"Hello, your code is {100_000 + number}.")
        if number % 3 == 0:
            mail.add_alternative("<p>Hello <a href='https://x.test/go'>go</a></p>", subtype="html")
        if number % 5 == 0:
            mail.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="a.csv")
        client.send_message(mail)
        time.sleep(0.02)
