-- Appends entries to the chain in one statement: whoever waits for the head waits for the commit and for no round trip. An entry
-- comes as the canonical text that is hashed (lib/chain.ts) but for its place in the chain: `head` before the hash of the entry
-- before, `tail` after its own number. That text and row say the same is checked whenever a row is hashed again (audit/).
create function append_audit(entries json) returns void language plpgsql as $$
declare
  number bigint;
  before text;
  own text;
  e record;
begin
  select seq, hash into strict number, before from audit_head for update;
  for e in
    select * from json_to_recordset(entries)
      as x(at timestamptz, actor text, action text, subject text, detail jsonb, head text, tail text)
  loop
    number := number + 1;
    own := encode(sha256('\x00'::bytea || convert_to(e.head || before || '","seq":' || number || e.tail, 'UTF8')), 'hex');
    insert into audit (seq, at, actor, action, subject, detail, prev_hash, hash)
      values (number, e.at, e.actor, e.action, e.subject, e.detail, before, own);
    before := own;
  end loop;
  update audit_head set seq = number, hash = before;
end $$;
