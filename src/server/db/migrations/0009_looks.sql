-- The view log is the audit log (action look.…). These find the looks at one customer, and the looks of one member, without
-- reading the whole log; a query must say `action like 'look.%'` in these words to be given them.
create index audit_looked_at on audit (subject, seq desc) where action like 'look.%';
create index audit_looked_by on audit (actor, seq desc) where action like 'look.%';

-- A masked value shown in full: why, in words that have no place in the log. Counted against a member's daily budget.
create table reveal (
  id text primary key,
  member_id text not null references member,
  customer_id text not null references customer,
  field text not null,
  reason text not null,
  words text,
  at timestamptz not null
);
create index reveal_member on reveal (member_id, at);
