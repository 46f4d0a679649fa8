-- What the web's role may do in the database: what its pages do, and nothing more. Run as the worker's role after
-- every `medvirk db upgrade`. The web writes answers but never reads one back; it invites people, but sees an address
-- again only where the mail server refused it for good; it cannot change a release, or a round that has been opened
-- (the database itself refuses): to open and close one it asks the worker. Accounts, roles and the register it makes and
-- changes for administrators.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM medvirk_web;
GRANT SELECT ON alembic_version, register_stamp, node, contact, round, batch, answer_count, release, staff, role TO medvirk_web;
GRANT INSERT, UPDATE (issued, voided) ON batch TO medvirk_web;
GRANT SELECT, INSERT, DELETE, UPDATE (asked_here, asked_elsewhere) ON code TO medvirk_web;
GRANT INSERT, SELECT (id, batch, tag) ON sealed TO medvirk_web;
GRANT SELECT, INSERT ON first_typing TO medvirk_web;
GRANT SELECT (id, batch), INSERT, UPDATE (email), DELETE ON invitee TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON invited, mailing TO medvirk_web;
GRANT SELECT (id, invitee, kind, state, due), INSERT, UPDATE (state, attempts, due) ON outbox TO medvirk_web;
GRANT SELECT ON refused_mail TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (number), DELETE ON noted TO medvirk_web;
GRANT SELECT, INSERT, UPDATE ON wrong_code TO medvirk_web;
GRANT SELECT, UPDATE (text, state), DELETE ON comment TO medvirk_web;
GRANT SELECT, INSERT, UPDATE (state, name, remove_on) ON talk_request TO medvirk_web;
GRANT SELECT (request, recipient, state, told) ON talk_mail TO medvirk_web;
GRANT SELECT, INSERT, UPDATE ON measure TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON measure_unit, measure_round TO medvirk_web;
GRANT SELECT, INSERT ON weighing TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON committee_text TO medvirk_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON earlier_result TO medvirk_web;
GRANT INSERT, DELETE, UPDATE (password, provisional, works_at, language) ON staff TO medvirk_web;
GRANT INSERT, DELETE ON role TO medvirk_web;
GRANT INSERT, DELETE, UPDATE (parent, name, places, closed, merged_into) ON node TO medvirk_web;
GRANT INSERT, DELETE ON contact TO medvirk_web;
GRANT SELECT, INSERT, UPDATE ON told_back TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON staff_session, round_helper TO medvirk_web;
GRANT SELECT, INSERT ON audit_entry, staff_at_provider TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON spent_sign_in TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON second_factor, offered_secret, recovery_code TO medvirk_web;
GRANT UPDATE (used) ON second_factor TO medvirk_web;
GRANT DELETE ON round TO medvirk_web; -- a plan; the database itself refuses to delete what has been opened
GRANT INSERT (id, title, audience, service_kind, municipality, questionnaire, k, b, simulated, keep_unfinished, state),
    UPDATE (title, audience, service_kind, questionnaire, k, b, keep_unfinished) ON round TO medvirk_web;
GRANT SELECT, INSERT, UPDATE ON plan TO medvirk_web;
GRANT SELECT, INSERT, DELETE ON round_event TO medvirk_web;
GRANT SELECT (round, kind, asked_by, asked, trouble), INSERT, DELETE ON errand TO medvirk_web;
