"""What Django's models cannot say, as it was when the tables were first made. Never rewritten.

The changes since stand in later migrations; `papers.models.change_triggers` says what is so today.
"""

# Titles of one work differ in case, accents, spaces, hyphens and quotes. Ranges are written out
# because what counts as a letter depends on the locale of the server.
FOLD_TITLE = r"""
CREATE FUNCTION papers_fold_title(title text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(
        lower(normalize(title, NFKD)),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u0300-\u036f\u2000-\u206f\u2212\u3000-\u303f\ufe30-\ufe4f\uff00-\uff0f]+',
        '', 'g')
$$;
"""
TITLE_INDEXES = """
CREATE INDEX paper_by_folded_title ON papers_paper (papers_fold_title(title));
CREATE INDEX paper_by_doi_in_any_case ON papers_paper (upper(doi)) WHERE doi IS NOT NULL;
"""
DROP_TITLE_INDEXES = "DROP INDEX paper_by_folded_title, paper_by_doi_in_any_case;"
UNFOLD_TITLE = "DROP FUNCTION papers_fold_title(text);"

NOTE_CHANGES = r"""
CREATE OR REPLACE FUNCTION papers_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO papers_paperchange (paper_id) SELECT DISTINCT found.id FROM ('
        || TG_ARGV[0] || ') AS found(id) WHERE found.id IS NOT NULL';
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER note_papers_paper_insert_new AFTER INSERT ON papers_paper
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_paper_update_new AFTER UPDATE ON papers_paper
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_paper_update_old AFTER UPDATE ON papers_paper
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_paper_delete_old AFTER DELETE ON papers_paper
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_authorship_insert_new AFTER INSERT ON papers_authorship
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_authorship_update_new AFTER UPDATE ON papers_authorship
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_authorship_update_old AFTER UPDATE ON papers_authorship
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_authorship_delete_old AFTER DELETE ON papers_authorship
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_papertopic_insert_new AFTER INSERT ON papers_papertopic
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_papertopic_update_new AFTER UPDATE ON papers_papertopic
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_papertopic_update_old AFTER UPDATE ON papers_papertopic
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_papertopic_delete_old AFTER DELETE ON papers_papertopic
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_finding_insert_new AFTER INSERT ON papers_finding
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_finding_update_new AFTER UPDATE ON papers_finding
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_finding_update_old AFTER UPDATE ON papers_finding
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_finding_delete_old AFTER DELETE ON papers_finding
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_paperlink_insert_new AFTER INSERT ON papers_paperlink
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_paperlink_update_new AFTER UPDATE ON papers_paperlink
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_paperlink_update_old AFTER UPDATE ON papers_paperlink
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_paperlink_delete_old AFTER DELETE ON papers_paperlink
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_acceptedpaper_insert_new AFTER INSERT ON papers_acceptedpaper
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_acceptedpaper_update_new AFTER UPDATE ON papers_acceptedpaper
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_acceptedpaper_update_old AFTER UPDATE ON papers_acceptedpaper
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_acceptedpaper_delete_old AFTER DELETE ON papers_acceptedpaper
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_papers_venue_update_new AFTER UPDATE ON papers_venue
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT p.id FROM papers_paper p JOIN changed c ON c.id = p.venue_id');
CREATE OR REPLACE TRIGGER note_papers_venue_update_old AFTER UPDATE ON papers_venue
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT p.id FROM papers_paper p JOIN changed c ON c.id = p.venue_id');
CREATE OR REPLACE TRIGGER note_papers_person_update_new AFTER UPDATE ON papers_person
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT a.paper_id FROM papers_authorship a JOIN changed c ON c.id = a.person_id');
CREATE OR REPLACE TRIGGER note_papers_person_update_old AFTER UPDATE ON papers_person
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT a.paper_id FROM papers_authorship a JOIN changed c ON c.id = a.person_id');
CREATE OR REPLACE TRIGGER note_papers_personalias_insert_new AFTER INSERT ON papers_personalias
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT a.paper_id FROM papers_authorship a JOIN changed c ON c.person_id = a.person_id');
CREATE OR REPLACE TRIGGER note_papers_personalias_update_new AFTER UPDATE ON papers_personalias
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT a.paper_id FROM papers_authorship a JOIN changed c ON c.person_id = a.person_id');
CREATE OR REPLACE TRIGGER note_papers_personalias_update_old AFTER UPDATE ON papers_personalias
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT a.paper_id FROM papers_authorship a JOIN changed c ON c.person_id = a.person_id');
CREATE OR REPLACE TRIGGER note_papers_personalias_delete_old AFTER DELETE ON papers_personalias
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT a.paper_id FROM papers_authorship a JOIN changed c ON c.person_id = a.person_id');
CREATE OR REPLACE TRIGGER note_papers_workshop_update_new AFTER UPDATE ON papers_workshop
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT a.paper_id FROM papers_acceptedpaper a JOIN changed c ON c.id = a.workshop_id');
CREATE OR REPLACE TRIGGER note_papers_workshop_update_old AFTER UPDATE ON papers_workshop
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT a.paper_id FROM papers_acceptedpaper a JOIN changed c ON c.id = a.workshop_id');
CREATE OR REPLACE TRIGGER note_taxonomy_topic_update_new AFTER UPDATE ON taxonomy_topic
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT pt.paper_id FROM papers_papertopic pt JOIN taxonomy_topic t ON t.id = pt.topic_id JOIN changed c ON t.path = c.path OR starts_with(t.path, c.path || ''/'')');
CREATE OR REPLACE TRIGGER note_taxonomy_topic_update_old AFTER UPDATE ON taxonomy_topic
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT pt.paper_id FROM papers_papertopic pt JOIN taxonomy_topic t ON t.id = pt.topic_id JOIN changed c ON t.path = c.path OR starts_with(t.path, c.path || ''/'')');
CREATE OR REPLACE TRIGGER note_papers_paper_truncate AFTER TRUNCATE ON papers_paper
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT 0');
"""
FORGET_CHANGES = "DROP FUNCTION IF EXISTS papers_note_change() CASCADE;"

TOUCH_PAPERS = r"""
CREATE OR REPLACE FUNCTION papers_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE papers_paper SET updated_at = clock_timestamp()
    WHERE id IN (SELECT paper_id FROM changed);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER touch_papers_authorship_insert_new AFTER INSERT ON papers_authorship
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_authorship_update_new AFTER UPDATE ON papers_authorship
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_authorship_update_old AFTER UPDATE ON papers_authorship
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_authorship_delete_old AFTER DELETE ON papers_authorship
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_papertopic_insert_new AFTER INSERT ON papers_papertopic
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_papertopic_update_new AFTER UPDATE ON papers_papertopic
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_papertopic_update_old AFTER UPDATE ON papers_papertopic
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_papertopic_delete_old AFTER DELETE ON papers_papertopic
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_finding_insert_new AFTER INSERT ON papers_finding
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_finding_update_new AFTER UPDATE ON papers_finding
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_finding_update_old AFTER UPDATE ON papers_finding
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_finding_delete_old AFTER DELETE ON papers_finding
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_paperlink_insert_new AFTER INSERT ON papers_paperlink
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_paperlink_update_new AFTER UPDATE ON papers_paperlink
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_paperlink_update_old AFTER UPDATE ON papers_paperlink
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
CREATE OR REPLACE TRIGGER touch_papers_paperlink_delete_old AFTER DELETE ON papers_paperlink
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_touch();
"""
UNTOUCH_PAPERS = "DROP FUNCTION IF EXISTS papers_touch() CASCADE;"
