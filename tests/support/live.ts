/**
 * A house that has gone live long ago: its review is signed and each purpose has a basis. Written by nobody who is a member, because
 * in a fresh database nobody is; the owner of the database may. Tests of the gate itself begin with `notLive`.
 */
export const LIVE = `
  set session_replication_role = replica;
  insert into legal_basis (id, purpose, customers, ground, source, since, written_by, written_at, confirmed_by, confirmed_at)
    select 'basis-' || purpose, purpose, 'all', 'contract', '服务协议第 3 条', '2020-01-01', 'writer', '2020-01-01', 'signer', '2020-01-01'
      from unnest(array['serve', 'contact', 'history_summary']) as purpose;
  insert into launch_review (answers, digest, written_by, writers, written_at, signed_by, signed_at, found)
    values ('{}', repeat('0', 64), 'writer', array['writer'], '2020-01-01', 'signer', '2020-01-01', '[]');
  set session_replication_role = default`

export const NOT_LIVE = `
  alter table launch_review disable trigger user;
  delete from launch_review;
  alter table launch_review enable trigger user;
  delete from legal_basis`
