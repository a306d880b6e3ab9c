"""The triggers of the index of people, as they were first made. Never rewritten."""

NOTE = r"""
CREATE OR REPLACE FUNCTION papers_note_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO papers_listingchange (person_id, paper_id) SELECT DISTINCT a, b FROM ('
        || TG_ARGV[0] || ') AS found(a, b) WHERE a IS NOT NULL OR b IS NOT NULL';
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER listing_papers_authorship_insert AFTER INSERT ON papers_authorship
    REFERENCING NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r');
CREATE OR REPLACE TRIGGER listing_papers_authorship_update AFTER UPDATE ON papers_authorship
    REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r
        WHERE NOT EXISTS (SELECT FROM was_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id AND o.paper_id IS NOT DISTINCT FROM r.paper_id) UNION ALL
        SELECT r.person_id, NULL::bigint FROM was_there r
        WHERE NOT EXISTS (SELECT FROM now_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id AND o.paper_id IS NOT DISTINCT FROM r.paper_id)');
CREATE OR REPLACE TRIGGER listing_papers_authorship_delete AFTER DELETE ON papers_authorship
    REFERENCING OLD TABLE AS was_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM was_there r');
CREATE OR REPLACE TRIGGER listing_papers_authorship_truncate AFTER TRUNCATE ON papers_authorship
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT 0::bigint, NULL::bigint');
CREATE OR REPLACE TRIGGER listing_papers_paper_update AFTER UPDATE ON papers_paper
    REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT NULL::bigint, r.id FROM now_there r
        WHERE NOT EXISTS (SELECT FROM was_there o
        WHERE o.id = r.id AND o.state IS NOT DISTINCT FROM r.state) UNION ALL
        SELECT NULL::bigint, r.id FROM was_there r
        WHERE NOT EXISTS (SELECT FROM now_there o
        WHERE o.id = r.id AND o.state IS NOT DISTINCT FROM r.state)');
CREATE OR REPLACE TRIGGER listing_papers_paper_truncate AFTER TRUNCATE ON papers_paper
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT 0::bigint, NULL::bigint');
CREATE OR REPLACE TRIGGER listing_papers_person_insert AFTER INSERT ON papers_person
    REFERENCING NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.id, NULL::bigint FROM now_there r');
CREATE OR REPLACE TRIGGER listing_papers_person_update AFTER UPDATE ON papers_person
    REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.id, NULL::bigint FROM now_there r
        WHERE NOT EXISTS (SELECT FROM was_there o
        WHERE o.id = r.id AND o.name IS NOT DISTINCT FROM r.name AND o.curated IS NOT DISTINCT FROM r.curated AND o.merged_into_id IS NOT DISTINCT FROM r.merged_into_id) UNION ALL
        SELECT r.id, NULL::bigint FROM was_there r
        WHERE NOT EXISTS (SELECT FROM now_there o
        WHERE o.id = r.id AND o.name IS NOT DISTINCT FROM r.name AND o.curated IS NOT DISTINCT FROM r.curated AND o.merged_into_id IS NOT DISTINCT FROM r.merged_into_id)');
CREATE OR REPLACE TRIGGER listing_papers_person_delete AFTER DELETE ON papers_person
    REFERENCING OLD TABLE AS was_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.id, NULL::bigint FROM was_there r');
CREATE OR REPLACE TRIGGER listing_papers_person_truncate AFTER TRUNCATE ON papers_person
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT 0::bigint, NULL::bigint');
CREATE OR REPLACE TRIGGER listing_papers_personalias_insert AFTER INSERT ON papers_personalias
    REFERENCING NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r');
CREATE OR REPLACE TRIGGER listing_papers_personalias_update AFTER UPDATE ON papers_personalias
    REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r
        WHERE NOT EXISTS (SELECT FROM was_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id AND o.name IS NOT DISTINCT FROM r.name AND o.folded IS NOT DISTINCT FROM r.folded) UNION ALL
        SELECT r.person_id, NULL::bigint FROM was_there r
        WHERE NOT EXISTS (SELECT FROM now_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id AND o.name IS NOT DISTINCT FROM r.name AND o.folded IS NOT DISTINCT FROM r.folded)');
CREATE OR REPLACE TRIGGER listing_papers_personalias_delete AFTER DELETE ON papers_personalias
    REFERENCING OLD TABLE AS was_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM was_there r');
CREATE OR REPLACE TRIGGER listing_papers_personalias_truncate AFTER TRUNCATE ON papers_personalias
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT 0::bigint, NULL::bigint');
CREATE OR REPLACE TRIGGER listing_papers_workshoprole_insert AFTER INSERT ON papers_workshoprole
    REFERENCING NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r');
CREATE OR REPLACE TRIGGER listing_papers_workshoprole_update AFTER UPDATE ON papers_workshoprole
    REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r
        WHERE NOT EXISTS (SELECT FROM was_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id) UNION ALL
        SELECT r.person_id, NULL::bigint FROM was_there r
        WHERE NOT EXISTS (SELECT FROM now_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id)');
CREATE OR REPLACE TRIGGER listing_papers_workshoprole_delete AFTER DELETE ON papers_workshoprole
    REFERENCING OLD TABLE AS was_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM was_there r');
CREATE OR REPLACE TRIGGER listing_papers_workshoprole_truncate AFTER TRUNCATE ON papers_workshoprole
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT 0::bigint, NULL::bigint');
CREATE OR REPLACE TRIGGER listing_papers_acceptedauthor_insert AFTER INSERT ON papers_acceptedauthor
    REFERENCING NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r');
CREATE OR REPLACE TRIGGER listing_papers_acceptedauthor_update AFTER UPDATE ON papers_acceptedauthor
    REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r
        WHERE NOT EXISTS (SELECT FROM was_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id) UNION ALL
        SELECT r.person_id, NULL::bigint FROM was_there r
        WHERE NOT EXISTS (SELECT FROM now_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id)');
CREATE OR REPLACE TRIGGER listing_papers_acceptedauthor_delete AFTER DELETE ON papers_acceptedauthor
    REFERENCING OLD TABLE AS was_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM was_there r');
CREATE OR REPLACE TRIGGER listing_papers_acceptedauthor_truncate AFTER TRUNCATE ON papers_acceptedauthor
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT 0::bigint, NULL::bigint');
CREATE OR REPLACE TRIGGER listing_papers_talk_speakers_insert AFTER INSERT ON papers_talk_speakers
    REFERENCING NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r');
CREATE OR REPLACE TRIGGER listing_papers_talk_speakers_update AFTER UPDATE ON papers_talk_speakers
    REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM now_there r
        WHERE NOT EXISTS (SELECT FROM was_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id) UNION ALL
        SELECT r.person_id, NULL::bigint FROM was_there r
        WHERE NOT EXISTS (SELECT FROM now_there o
        WHERE o.id = r.id AND o.person_id IS NOT DISTINCT FROM r.person_id)');
CREATE OR REPLACE TRIGGER listing_papers_talk_speakers_delete AFTER DELETE ON papers_talk_speakers
    REFERENCING OLD TABLE AS was_there
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT r.person_id, NULL::bigint FROM was_there r');
CREATE OR REPLACE TRIGGER listing_papers_talk_speakers_truncate AFTER TRUNCATE ON papers_talk_speakers
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('SELECT 0::bigint, NULL::bigint');
"""
FORGET = """
DROP TRIGGER listing_papers_authorship_insert ON papers_authorship;
DROP TRIGGER listing_papers_authorship_update ON papers_authorship;
DROP TRIGGER listing_papers_authorship_delete ON papers_authorship;
DROP TRIGGER listing_papers_authorship_truncate ON papers_authorship;
DROP TRIGGER listing_papers_paper_update ON papers_paper;
DROP TRIGGER listing_papers_paper_truncate ON papers_paper;
DROP TRIGGER listing_papers_person_insert ON papers_person;
DROP TRIGGER listing_papers_person_update ON papers_person;
DROP TRIGGER listing_papers_person_delete ON papers_person;
DROP TRIGGER listing_papers_person_truncate ON papers_person;
DROP TRIGGER listing_papers_personalias_insert ON papers_personalias;
DROP TRIGGER listing_papers_personalias_update ON papers_personalias;
DROP TRIGGER listing_papers_personalias_delete ON papers_personalias;
DROP TRIGGER listing_papers_personalias_truncate ON papers_personalias;
DROP TRIGGER listing_papers_workshoprole_insert ON papers_workshoprole;
DROP TRIGGER listing_papers_workshoprole_update ON papers_workshoprole;
DROP TRIGGER listing_papers_workshoprole_delete ON papers_workshoprole;
DROP TRIGGER listing_papers_workshoprole_truncate ON papers_workshoprole;
DROP TRIGGER listing_papers_acceptedauthor_insert ON papers_acceptedauthor;
DROP TRIGGER listing_papers_acceptedauthor_update ON papers_acceptedauthor;
DROP TRIGGER listing_papers_acceptedauthor_delete ON papers_acceptedauthor;
DROP TRIGGER listing_papers_acceptedauthor_truncate ON papers_acceptedauthor;
DROP TRIGGER listing_papers_talk_speakers_insert ON papers_talk_speakers;
DROP TRIGGER listing_papers_talk_speakers_update ON papers_talk_speakers;
DROP TRIGGER listing_papers_talk_speakers_delete ON papers_talk_speakers;
DROP TRIGGER listing_papers_talk_speakers_truncate ON papers_talk_speakers;
DROP FUNCTION papers_note_listing();
"""
