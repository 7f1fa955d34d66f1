-- Which of the customers we know are in which group, as WeCom last showed it: for the groups somebody has in common with a
-- customer, and beside a group's chat. Guests whom no member follows are in no table.
create table group_customer (
  chat_id text not null references group_chat on delete cascade,
  customer_id text not null references customer,
  primary key (chat_id, customer_id)
);
create index group_customer_customer on group_customer (customer_id);

-- What a new owner says to a group: written down before it is sent, like a notice to a customer, and no notice to anybody in
-- it. Nothing in it is about a customer.
create table group_notice (
  id text primary key,
  departure_id text not null,
  chat_id text not null,
  prepared_by text not null references member,
  prepared_at timestamptz not null,
  language text not null check (language in ('zh-CN', 'en')),
  template text not null, -- name@version
  text text not null,
  text_sha256 text not null,
  outcome text not null check (outcome in ('prepared', 'replaced', 'sent', 'cancelled', 'failed')),
  outcome_at timestamptz,
  detail text,
  foreign key (departure_id, chat_id) references group_transfer
);
create index group_notice_group on group_notice (departure_id, chat_id);
