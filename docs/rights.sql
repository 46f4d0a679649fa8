-- What the web's role may do in the database: what its pages do, and nothing more. Run as the worker's role after
-- every `medvirk db upgrade`. The web writes answers but never reads one back; it invites people, but sees an address
-- again only where the mail server refused it for good; it cannot change a release, or a round that has been opened
-- (the database itself refuses): to open and close one it asks the worker. Accounts, roles and the register it makes and
-- changes for administrators.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM medvirk_web;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN -- no other user of this server comes in; the web makes no tables, not even for a moment
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO medvirk_web', current_database());
END $$;
GRANT SELECT ON alembic_version, stamp, node, contact, round, batch, answer_count, release, staff, role TO medvirk_web;
GRANT INSERT, UPDATE (issued, voided) ON batch TO medvirk_web;
GRANT SELECT, INSERT, DELETE, UPDATE (asked_here, asked_elsewhere) ON code TO medvirk_web;
GRANT INSERT, SELECT (id, batch, tag) ON sealed TO medvirk_web;
GRANT SELECT, INSERT ON first_typing TO medvirk_web;
GRANT SELECT (id, batch), INSERT, UPDATE (email), DELETE ON invitee TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON invited, mailing TO medvirk_web;
GRANT SELECT (id, invitee, kind, state, due), INSERT, UPDATE (state, attempts, due) ON outbox TO medvirk_web;
GRANT SELECT ON refused_mail TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (number), DELETE ON noted TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (number) ON wrong_code TO medvirk_web;
GRANT SELECT, UPDATE (text, state), DELETE ON comment TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (state, name, remove_on) ON talk_request TO medvirk_web;
GRANT SELECT (request, recipient, state, told) ON talk_mail TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (place, title, hoped, questionnaire, question, asked, covers, baseline, chosen_by, responsible,
    decision, start, deadline, status) ON measure TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON measure_unit, measure_round TO medvirk_web;
GRANT SELECT, INSERT ON weighing TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON committee_text TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (place, audience, year, survey, theme, counts, value, lowest, highest, n, source), DELETE
    ON earlier_result TO medvirk_web;
GRANT INSERT, DELETE, UPDATE (password, provisional, works_at, language) ON staff TO medvirk_web;
GRANT INSERT, DELETE ON role TO medvirk_web;
GRANT INSERT, DELETE, UPDATE (parent, name, places, closed, merged_into) ON node TO medvirk_web;
GRANT INSERT, DELETE ON contact TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (draft, published, by, "on") ON told_back TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON staff_session, round_helper TO medvirk_web;
GRANT SELECT, INSERT ON audit_entry, staff_at_provider TO medvirk_web;
GRANT INSERT ON account_mail TO medvirk_web; -- whose way in was changed is told, and nobody takes that back
GRANT SELECT, INSERT, DELETE ON spent_sign_in TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (beyond, last) ON tried TO medvirk_web; -- the worker throws counts away
GRANT SELECT, INSERT, DELETE ON second_factor, offered_secret, recovery_code TO medvirk_web;
GRANT UPDATE (used) ON second_factor TO medvirk_web;
GRANT DELETE ON round TO medvirk_web; -- a plan; the database itself refuses to delete what has been opened
GRANT INSERT (id, title, audience, service_kind, municipality, questionnaire, k, b, simulated, keep_unfinished, state),
    UPDATE (title, audience, service_kind, questionnaire, k, b, keep_unfinished) ON round TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (places, ways, helped, decision, leader, retention, opens, closes, repeat, measure, covering,
    covered, coming, view_of, view_called) ON plan TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON round_event TO medvirk_web;
GRANT SELECT (round, kind, asked_by, asked, trouble), INSERT, DELETE ON errand TO medvirk_web;

-- The web acts for administrators, so it must be able to make accounts and give roles; but never unseen: what gives
-- somebody a way in ends with an entry in the audit log in the same transaction, or not at all. Nobody takes one out.
CREATE OR REPLACE FUNCTION written_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (
        SELECT FROM (SELECT xmin, action FROM audit_entry ORDER BY number DESC LIMIT 1) AS latest
        WHERE latest.xmin = pg_current_xact_id()::xid AND latest.action = ANY (TG_ARGV)
    ) THEN
        RAISE EXCEPTION 'what gives a way in is written down' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS written_down ON staff;
CREATE CONSTRAINT TRIGGER written_down AFTER INSERT OR DELETE OR UPDATE OF password, provisional, works_at ON staff
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (session_user = 'medvirk_web')
    EXECUTE FUNCTION written_down('account_made', 'account_moved', 'account_ended', 'password_changed', 'password_renewed');
DROP TRIGGER IF EXISTS written_down ON role;
CREATE CONSTRAINT TRIGGER written_down AFTER INSERT OR DELETE ON role
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (session_user = 'medvirk_web')
    EXECUTE FUNCTION written_down('role_given', 'role_taken_away', 'account_ended');
DROP TRIGGER IF EXISTS written_down ON round_helper;
CREATE CONSTRAINT TRIGGER written_down AFTER INSERT OR DELETE ON round_helper
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (session_user = 'medvirk_web')
    EXECUTE FUNCTION written_down('helper_invited', 'helper_ended', 'account_ended', 'plan_thrown_away');
DROP TRIGGER IF EXISTS written_down ON second_factor;
CREATE CONSTRAINT TRIGGER written_down AFTER INSERT OR DELETE ON second_factor
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (session_user = 'medvirk_web')
    EXECUTE FUNCTION written_down('second_factor_set_up', 'second_factor_taken_away', 'account_ended');
DROP TRIGGER IF EXISTS written_down ON staff_at_provider;
CREATE CONSTRAINT TRIGGER written_down AFTER INSERT ON staff_at_provider
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (session_user = 'medvirk_web')
    EXECUTE FUNCTION written_down('provider_tied');
DROP TRIGGER IF EXISTS written_down ON code; -- a code is a way in, too: to a questionnaire
CREATE CONSTRAINT TRIGGER written_down AFTER INSERT ON code
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (session_user = 'medvirk_web')
    EXECUTE FUNCTION written_down('codes_issued', 'invited');
