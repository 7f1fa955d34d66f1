-- What a customer is told when they meet the company here for the first time (compliance S15, M8; T-15): written down before anybody
-- can send it, as every notice is. It needs no link of its own: the rules it leads to are the same for everybody (letter/rules.ts).
create table first_notice (
  id text primary key,
  customer_id text not null references customer,
  prepared_by text not null references member,
  prepared_at timestamptz(3) not null,
  language text not null check (language in ('zh-CN', 'en')),
  template text not null, -- name@version
  text text not null,
  text_sha256 text not null,
  outcome text not null check (outcome in ('prepared', 'replaced', 'sent', 'cancelled', 'failed')),
  outcome_at timestamptz(3),
  detail text,
  check ((outcome = 'prepared') = (outcome_at is null))
);
create index first_notice_customer on first_notice (customer_id);

-- Who came when: newcomers are few among many.
create index relation_since on relation (since);
