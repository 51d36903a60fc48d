import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0003_who_did_what'),
    ]

    operations = [
        migrations.CreateModel(
            name='Words',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('text', models.TextField(blank=True)),
                ('salt', models.CharField(blank=True, max_length=32)),
                ('erased_at', models.DateTimeField(null=True)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journal.entry')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('entry', 'name'), name='words_once_a_name'),
                    models.CheckConstraint(condition=models.Q(('erased_at', None), models.Q(('salt', ''), ('text', '')), _connector='OR'), name='words_erased_are_gone'),
                ],
            },
        ),
    ]
