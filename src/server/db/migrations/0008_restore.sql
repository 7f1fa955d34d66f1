-- What the predecessor left, put back for the successor: once for each handover and part, which is one call of WeCom (tags:
-- mark_tag, note: remark). `sent` without an answer is settled by reading the relation, never by repeating (DESIGN 4.2).
create table restore (
  handover_id text not null references handover,
  part text not null check (part in ('tags', 'note')),
  successor_id text not null references member,
  state text not null check (state in ('asked', 'sent', 'done', 'failed')),
  fields text[] not null,               -- what was asked for and is not decided yet
  value jsonb,                          -- as last sent to WeCom
  outcome jsonb not null default '{}',  -- what became of each field
  asked_by text not null references member,
  asked_at timestamptz not null,
  next_at timestamptz not null,         -- not tried before this
  tries integer not null default 0,
  sent_at timestamptz,
  done_at timestamptz,
  errcode integer,
  primary key (handover_id, part)
);
create index restore_open on restore (successor_id, next_at) where state in ('asked', 'sent');
