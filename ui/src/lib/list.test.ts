import { describe, expect, it } from 'vitest';
import { MailList } from './list';
import { mail, mails, subjects } from './testing';

function listOf(
  newest: number,
  oldest: number,
  { complete = true, matched = newest } = {},
): MailList {
  const list = new MailList();
  list.replace(mails(newest, oldest), matched, complete);
  return list;
}

describe('a list of mails', () => {
  it('counts rows from the newest', () => {
    const list = listOf(3, 1);
    expect(subjects(list)).toEqual(['3', '2', '1']);
    expect(list.rowOf('id-3')).toBe(0);
    expect(list.rowOf('id-1')).toBe(2);
    expect(list.rowOf('id-9')).toBe(-1);
  });

  it('has rows for what is not loaded yet', () => {
    const list = listOf(100, 51, { complete: false });
    expect(list.loaded).toBe(50);
    expect(list.count).toBe(100);
    expect(list.at(50)).toBeUndefined();
    list.addOlder(mails(50, 1), true);
    expect(list.count).toBe(100);
    expect(list.at(99)?.seq).toBe(1);
  });

  it('takes a page twice as once', () => {
    const list = listOf(10, 6, { complete: false });
    list.addOlder(mails(8, 3), false);
    list.addOlder(mails(8, 3), false);
    expect(subjects(list)).toEqual(['10', '9', '8', '7', '6', '5', '4', '3']);
  });

  it('takes an event before and after the page that shows it', () => {
    const list = listOf(3, 1);
    expect(list.merge(mail(4))).toBe('added');
    expect(list.merge(mail(4))).toBe('changed');
    list.addOlder(mails(4, 1), true);
    expect(subjects(list)).toEqual(['4', '3', '2', '1']);
    expect(list.count).toBe(4);
  });

  it('puts a late mail where its number belongs', () => {
    const list = listOf(3, 1);
    list.merge(mail(6));
    list.merge(mail(5));
    expect(subjects(list)).toEqual(['6', '5', '3', '2', '1']);
  });

  it('leaves mails below what is loaded to their page', () => {
    const list = listOf(100, 51, { complete: false });
    expect(list.merge(mail(20))).toBe('ignored');
    expect(list.loaded).toBe(50);
  });

  it('takes a new mail even when all that was loaded is gone', () => {
    const list = listOf(100, 99, { complete: false });
    list.remove(['id-100', 'id-99']);
    expect(list.merge(mail(101))).toBe('added');
    expect(list.at(0)?.seq).toBe(101);
  });

  it('updates what is here and adds nothing', () => {
    const list = listOf(2, 1);
    expect(list.update({ ...mail(2), read: true })).toBe(true);
    expect(list.at(0)?.read).toBe(true);
    expect(list.update(mail(3))).toBe(false);
    expect(list.count).toBe(2);
  });
});

describe('removing', () => {
  it('answers what was here, once', () => {
    const list = listOf(3, 1);
    expect(list.remove(['id-2', 'id-7']).map(({ seq }) => seq)).toEqual([2]);
    expect(list.remove(['id-2'])).toEqual([]);
    expect(subjects(list)).toEqual(['3', '1']);
  });

  it('counts unloaded rows down as well', () => {
    const list = listOf(100, 51, { complete: false });
    list.remove(['id-100']);
    expect(list.count).toBe(99);
  });

  it('hides until it is revealed', () => {
    const list = listOf(3, 1);
    list.hide(mail(2));
    expect(subjects(list)).toEqual(['3', '1']);
    list.addOlder(mails(3, 1), true);
    expect(subjects(list)).toEqual(['3', '1']);
    list.reveal(['id-2']);
    expect(subjects(list)).toEqual(['3', '2', '1']);
  });

  it('counts a hidden mail of a long list once', () => {
    const list = listOf(100, 51, { complete: false });
    list.hide(mail(60));
    expect(list.count).toBe(99);
    list.reveal(['id-60']);
    expect(list.count).toBe(100);
    list.hide(mail(60));
    list.remove(['id-60']);
    expect(list.count).toBe(99);
  });

  it('does not bring a hidden mail back when it changes', () => {
    const list = listOf(2, 1);
    list.hide(mail(2));
    list.merge({ ...mail(2), read: true });
    expect(subjects(list)).toEqual(['1']);
    list.reveal(['id-2']);
    expect(list.at(0)?.read).toBe(true);
  });
});

describe('trimming', () => {
  it('lets go of the oldest and loads them again', () => {
    const list = listOf(100, 1);
    list.trim(40);
    expect(list.loaded).toBe(40);
    expect(list.count).toBe(100);
    expect(list.oldestSeq).toBe(61);
    expect(list.complete).toBe(false);
    list.addOlder(mails(60, 1), true);
    expect(list.count).toBe(100);
  });
});
