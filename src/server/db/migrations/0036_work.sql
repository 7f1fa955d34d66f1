-- What stands about an entry of the history that a member wrote: the words are in the entry, which nobody changes. `once`: the
-- page's own name for this writing, so that a second tap is the same note. A note taken back stays, and is shown without its words.
create table note (
  id text primary key, -- of the entry; no reference, because the history goes by doors of its own
  customer_id text not null references customer,
  author_id text not null references member,
  kind text not null check (kind in ('note', 'memo')),
  written_at timestamptz not null,
  once text not null,
  corrects text references note on delete set null,
  withdrawn_at timestamptz,
  unique (author_id, once)
);
create index note_customer on note (customer_id, written_at desc, id desc);
create index note_corrects on note (corrects) where corrects is not null;

-- Whoever serves now says that the promise is theirs to keep; who made it stays who made it.
alter table promise add column taken_by text references member;
alter table promise add column taken_at timestamptz;
create index promise_due on promise (due) where kept_at is null and due is not null;

-- Whom the message of which day told of a promise, and which day it was due: an overdue one is told once.
create table promise_reminder (
  promise_id text not null references promise on delete cascade,
  member_id text not null references member,
  due date not null,
  what text not null check (what in ('tomorrow', 'today', 'overdue')),
  told_at timestamptz not null,
  primary key (promise_id, member_id, due, what)
);

-- A message that is neither notice nor question: a talk script, as the member sent it. It holds no link.
alter table notice_attempt add column script text check (script in ('hello', 'after_no', 'where_is'));
alter table notice_attempt add column edited boolean;
alter table notice_attempt alter column token_hash drop not null;
alter table notice_attempt add constraint notice_attempt_link check ((token_hash is null) = (script is not null));
create index notice_attempt_script on notice_attempt (handover_id, script) where script is not null;

-- A promise whose day is moved is still the one that was written: what the mirror finds again in WeCom's description is not new.
alter table promise add column written_due date;
update promise set written_due = due;
create function promise_as_written() returns trigger language plpgsql as $$
begin
  new.written_due := new.due;
  return new;
end $$;
create trigger promise_as_written before insert on promise for each row execute function promise_as_written();
drop index promise_once;
create unique index promise_once on promise (customer_id, made_by, text, coalesce(written_due, '0001-01-01'));
