// How applications are told where to send their mail: one short piece of code for each.

export interface Snippet {
  name: string;
  code: string;
}

export function snippets(host: string, port: string): Snippet[] {
  return [
    {
      name: 'Nodemailer',
      code: `const transport = nodemailer.createTransport({
  host: '${host}',
  port: ${port},
  secure: false,
});`,
    },
    {
      name: 'Django',
      code: `EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "${host}"
EMAIL_PORT = ${port}`,
    },
    {
      name: 'Laravel',
      code: `MAIL_MAILER=smtp
MAIL_HOST=${host}
MAIL_PORT=${port}
MAIL_USERNAME=null
MAIL_PASSWORD=null`,
    },
    {
      name: 'Rails',
      code: `config.action_mailer.delivery_method = :smtp
config.action_mailer.smtp_settings = { address: "${host}", port: ${port} }`,
    },
    {
      name: 'Spring',
      code: `spring.mail.host=${host}
spring.mail.port=${port}`,
    },
    {
      name: 'Python',
      code: `with smtplib.SMTP("${host}", ${port}) as smtp:
    smtp.send_message(message)`,
    },
    {
      name: 'Go',
      code: `err := smtp.SendMail("${host}:${port}", nil, from, to, message)`,
    },
    {
      name: 'Rust',
      code: `let mailer = SmtpTransport::builder_dangerous("${host}").port(${port}).build();`,
    },
    {
      name: '.NET',
      code: `using var client = new SmtpClient();
await client.ConnectAsync("${host}", ${port}, SecureSocketOptions.None);`,
    },
    {
      name: 'Symfony',
      code: `MAILER_DSN=smtp://${host}:${port}`,
    },
  ];
}

/** A whole first mail from any shell with curl. */
export function curlCommand(address: string): string {
  const mail = [
    'From: me@app.test',
    'To: ada@customer.test',
    'Subject: Hello',
    '',
    'It works.',
    '',
  ];
  return `printf '${mail.join('\\r\\n')}' |
  curl smtp://${address} --mail-from me@app.test --mail-rcpt ada@customer.test -T -`;
}
