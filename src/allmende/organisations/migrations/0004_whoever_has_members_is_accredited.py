"""Until now the operator gave every role, and vouched for the organisation by doing so."""

from django.db import migrations
from django.db.models import Min


def accredit(apps, schema_editor):
    organisations = apps.get_model("organisations", "Organisation").objects
    for organisation in organisations.annotate(first=Min("memberships__since")).filter(first__isnull=False):
        organisations.filter(pk=organisation.pk).update(state="accredited", accredited_at=organisation.first)


class Migration(migrations.Migration):

    dependencies = [("organisations", "0003_organisations_are_accredited")]

    operations = [migrations.RunPython(accredit, migrations.RunPython.noop)]
