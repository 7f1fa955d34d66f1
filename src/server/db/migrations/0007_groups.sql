-- Colleagues in a group as WeCom last showed it (userids): who knows a group already is the first to get it.
alter table group_chat add column staff text[] not null default '{}';

create table plan_group (
  plan_id text not null references plan,
  chat_id text not null,
  successor_id text not null references member,
  checks text[] not null default '{}',
  primary key (plan_id, chat_id)
);

-- A leaver's group on its way to a new owner (shared/group.ts). Written as `sent` before the call; how it ended is read
-- from the group's owner. No reference to group_chat: what WeCom no longer knows is deleted there, its story stays here.
create table group_transfer (
  departure_id text not null references departure,
  chat_id text not null,
  name text not null,
  state text not null,
  plan_id text references plan,
  successor_id text references member,
  owner_id text references member, -- who has it, when it is somebody else
  flow text check (flow in ('resigned', 'onjob')),
  sent_at timestamptz,
  asked_at timestamptz,
  settled_at timestamptz,
  next_try_at timestamptz,
  wait text check (wait in ('day', 'wecom')), -- why not before next_try_at
  errcode integer,
  primary key (departure_id, chat_id)
);
create index group_transfer_open on group_transfer (successor_id) where state in ('approved', 'sent', 'inheriting');
create index group_transfer_chat on group_transfer (chat_id);
