-- What the web's role may do in the database. Run as the worker's role after every `medvirk db upgrade`.
-- The web writes answers and can see that one has arrived, but never reads one back; a release it can only read.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO medvirk_web;
REVOKE ALL ON sealed, release FROM medvirk_web;
GRANT INSERT, SELECT (id, batch, tag) ON sealed TO medvirk_web;
GRANT SELECT ON release TO medvirk_web;
