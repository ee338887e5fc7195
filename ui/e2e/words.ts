// Words, names and texts at random, in many scripts and of every awkward kind.
import type { Random } from './random';

/** One to `most` words of one script, or of several. */
export function words(random: Random, most: number): string {
  const script = random.chance(0.8) ? random.pick(SCRIPTS) : SCRIPTS.flat();
  return [random.pick(script), ...random.several(most - 1, () => random.pick(script))].join(' ');
}

export function subject(random: Random): string {
  return random.pick([
    () => words(random, 8),
    () => words(random, 300),
    () => `${words(random, 2)}   ${words(random, 2)}  ${words(random, 2)}`,
    () => `Re: [${words(random, 1)}] "${words(random, 3)}" \\ (${words(random, 2)}); a=b, c:d`,
    // A whole encoded word would be decoded, as the library says it may be.
    () => `=?utf-8?Q?${words(random, 1)}= is no encoded word, nor is =?x?=`,
    () => `${words(random, 1)}\ttab ${words(random, 1)}`,
    () => `${words(random, 2)}\r\nBcc: ${words(random, 2)}`,
    () => random.pick(LETTERS).repeat(1 + random.below(1_500)),
    () => ' '.repeat(1 + random.below(100)),
  ])();
}

/** What stands before an address. */
export function displayName(random: Random): string {
  return random.pick([
    () => words(random, 4),
    () => words(random, 40),
    () => `${words(random, 1)}, ${words(random, 1)} (${words(random, 1)})`,
    () => `"${words(random, 1)}" \\ ${words(random, 1)}`,
    () => `O'${words(random, 1)} <${words(random, 1)}@home.test>; a: b`,
    () => `${words(random, 1)}.${words(random, 1)}  ${words(random, 1)}`,
    () => `=?utf-8?B?${words(random, 1)}=?`,
  ])();
}

/** Without slashes: a name is no path. */
export function fileName(random: Random): string {
  const extension = random.pick(['txt', 'pdf', 'tar.gz', 'PNG', 'x', '名']);
  const stem = random.pick([
    () => words(random, 3),
    () => words(random, 60),
    () => `${words(random, 1)}; filename="${words(random, 1)}"`,
    () => `it's 100%20 ${words(random, 1)}*0*`,
    () => `utf-8''${words(random, 1)}`,
    () => `=?utf-8?Q?${words(random, 1)}?=`,
    () => `back\\slash \\"${words(random, 1)}`,
    () => `(${words(random, 1)}) [x] {y} <z> a=b,c:d?e@f`,
    () => `${words(random, 1)}   ${words(random, 1)}  `,
    () => random.pick(LETTERS).repeat(1 + random.below(200)),
    () => `.${words(random, 1)}.`,
  ])();
  return `${stem}.${extension}`;
}

/** Lines of text, ended as `end` says. */
export function lines(random: Random, most: number, end: string): string {
  const line = () =>
    random.pick([
      () => words(random, 12),
      () => `.${words(random, 2)}`,
      () => random.pick(['.', '..', '', '', '-- ', '--', ' ', '\t', '>From here', 'From here']),
      () => `${words(random, 4)} \t `,
      () => `   ${words(random, 2)}`,
      () => `${words(random, 2)} = =3D =\t100% ==`,
      () => random.pick(LETTERS).repeat(random.below(2_500)),
      () => `--${words(random, 1)}--`,
      () => '\u{feff}\u{200b}\u{a0}\u{85}\u{2028}\u{ad}',
    ])();
  const text = [words(random, 3), ...random.several(most, line)].join(end);
  return random.chance(0.5) ? text + end : text;
}

const LETTERS = ['x', 'é', 'Ж', '語', '😀', 'e\u{301}', '='];

const SCRIPTS: readonly (readonly string[])[] = [
  ['Your', 'order', 'has', 'been', 'shipped', 'a', 'to', '2026', 'x_y', 'Hello!'],
  ['Grüße', 'élève', 'naïve', 'Łódź', 'smörgås', 'İstanbul', 'ﬁne', 'Straße'],
  ['Ünïcödé', 'plain', 'words', 'between', 'señor', 'e\u{301}te\u{301}'],
  ['Καλημέρα', 'κόσμε', 'ΑΣΣΟΣ'],
  ['Заказ', 'отправлен', 'ёлка', 'Їжак'],
  ['שלום', 'עולם', '\u{200f}א\u{200e}'],
  ['مرحبا', 'بالعالم', '٤٢'],
  ['नमस्ते', 'दुनिया', 'क्षत्रिय'],
  ['สวัสดี', 'ชาวโลก'],
  ['您的订单', '已发货', '𠀀𪛖'],
  ['ご注文', 'ありがとう', 'ｶﾀｶﾅ', 'ー'],
  ['주문이', '발송', '되었습니다'],
  ['😀', '👩‍👩‍👧‍👦', '🏳️‍🌈', '🇩🇪', '👍🏽', '1️⃣'],
  ['\u{1d54f}', '\u{10ffff}', '\u{e000}', '\u{2603}', '\u{fffd}'],
];
