// The mails the tests send.

export function plain(subject: string, text = 'It works.'): string {
  return `From: Quillmoor <orders@quillmoor.example>
To: Ada Byron <ada@customer.test>
Subject: ${subject}
Date: Sun, 22 Nov 2026 14:03:27 +0100
Message-ID: <${subject.replace(/\W/g, '')}@quillmoor.example>

${text}
`;
}

/** A red pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

export function rich(html: string): string {
  return `From: Quillmoor <orders@quillmoor.example>
To: Ada Byron <ada@customer.test>
Subject: A rich mail
Date: Sun, 22 Nov 2026 14:03:27 +0100
Message-ID: <rich@quillmoor.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="m"

--m
Content-Type: multipart/related; boundary="r"

--r
Content-Type: multipart/alternative; boundary="a"

--a
Content-Type: text/plain; charset=utf-8

The plain text, see https://shop.example/orders.
--a
Content-Type: text/html; charset=utf-8

${html}
--a--
--r
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-ID: <logo>
Content-Disposition: inline; filename="logo.png"

${PNG}
--r--
--m
Content-Type: text/csv; charset=utf-8; name="usage.csv"
Content-Disposition: attachment; filename="usage.csv"

day,count
monday,7
--m--
`;
}
