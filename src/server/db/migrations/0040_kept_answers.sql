-- What a request with an idempotency key was answered, so that the same key is answered the same and nothing happens twice.
-- The key is known by its hash together with its member; the answer is sealed with the key itself, which stands nowhere here.
-- `customer_id`, `mark`: whom the answer shows something of, and how the member stood to them then.
create table kept_answer (
  key_hash text primary key,
  member_id text not null references member,
  input_hash text not null,
  status integer not null,
  body text,
  customer_id text references customer,
  mark text,
  at timestamptz not null
);
create index kept_answer_at on kept_answer (at);
create index kept_answer_customer on kept_answer (customer_id) where customer_id is not null;

-- What a release brought to browsers: a page that is still open finds its parts for a day after another release came.
create table built_file (
  path text primary key,
  body bytea not null,
  gone_at timestamptz
);
