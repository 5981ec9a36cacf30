"""Foreign keys over two columns, which Django's models cannot declare; used by migrations."""

from django.db import migrations


def composite_foreign_key(
    table: str, columns: tuple[str, str], to_table: str, to_columns: tuple[str, str]
) -> migrations.RunSQL:
    """A migration operation: (`columns`) of `table` must be found together in (`to_columns`) of `to_table`.

    Checked at commit, as Django's own foreign keys are. It is how the database knows that a grade is one of the
    scale of its case's framework (domain rule 1).
    """
    name = f"{table}_{'_'.join(columns)}_together"
    return migrations.RunSQL(
        sql=f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({', '.join(columns)}) "
        f"REFERENCES {to_table} ({', '.join(to_columns)}) DEFERRABLE INITIALLY DEFERRED",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
