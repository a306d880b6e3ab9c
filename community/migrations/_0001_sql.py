"""What Django's models cannot say, as it was when the tables were first made. Never rewritten."""

# The moment at which a paper first becomes public, whatever the way in (page, import, bulk, SQL).
NOTE_APPEARANCE = """
CREATE FUNCTION community_note_appearance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO community_appearance (paper_id, at) VALUES (NEW.id, clock_timestamp())
    ON CONFLICT (paper_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER community_note_appearance AFTER INSERT OR UPDATE OF state ON papers_paper
    FOR EACH ROW WHEN (NEW.state = 'public') EXECUTE FUNCTION community_note_appearance();
"""
FORGET_APPEARANCE = """
DROP TRIGGER community_note_appearance ON papers_paper;
DROP FUNCTION community_note_appearance();
"""

# The index of papers follows what is written about them: has:video, has:review.
NOTE_CHANGES = r"""
CREATE OR REPLACE TRIGGER note_community_video_insert_new AFTER INSERT ON community_video
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_community_video_update_new AFTER UPDATE ON community_video
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_community_video_update_old AFTER UPDATE ON community_video
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_community_video_delete_old AFTER DELETE ON community_video
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_community_review_insert_new AFTER INSERT ON community_review
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_community_review_update_new AFTER UPDATE ON community_review
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_community_review_update_old AFTER UPDATE ON community_review
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
CREATE OR REPLACE TRIGGER note_community_review_delete_old AFTER DELETE ON community_review
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT paper_id FROM changed');
"""
FORGET_CHANGES = r"""
DROP TRIGGER IF EXISTS note_community_video_insert_new ON community_video;
DROP TRIGGER IF EXISTS note_community_video_update_new ON community_video;
DROP TRIGGER IF EXISTS note_community_video_update_old ON community_video;
DROP TRIGGER IF EXISTS note_community_video_delete_old ON community_video;
DROP TRIGGER IF EXISTS note_community_review_insert_new ON community_review;
DROP TRIGGER IF EXISTS note_community_review_update_new ON community_review;
DROP TRIGGER IF EXISTS note_community_review_update_old ON community_review;
DROP TRIGGER IF EXISTS note_community_review_delete_old ON community_review;
"""
