from django.db import migrations


class Migration(migrations.Migration):
    """Keys of uploads are idempotency keys of the API now.

    Their rows lived for a day and are not carried over: a repeated upload of the same bytes gets
    the same document without any key.
    """

    dependencies = [("papers", "0007_touch_papers")]

    operations = [migrations.DeleteModel(name="UploadKey")]
