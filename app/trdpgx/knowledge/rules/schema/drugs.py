"""``drugs.yaml``: drugs and therapies."""

from collections.abc import Mapping

from pydantic import Field

from trdpgx.knowledge.rules.schema.fields import Checked, CuratedModel, Identifier, Text, Texts


class NamedEntry(Checked):
    """What a drug may be called in a request: its key, and these."""

    rxnorm: Identifier | None = None
    atc: Texts = ()
    brands: Texts = ()
    synonyms: Texts = ()
    components: Texts = ()
    """Drugs that a combination holds, each a name of this file."""
    drug_class: Text = Field(alias="class")


class DrugEntry(NamedEntry):
    """A drug or a therapy that the report can speak of."""

    category: Text
    role: Text | None = None
    clearance_major: Texts = ()
    clearance_minor: Texts = ()
    active_metabolite: Text | None = None
    pgp_substrate: Text | None = None
    cyp_effects: Text | None = None
    note: Text | None = None


class DrugFile(CuratedModel):
    """``drugs.yaml``."""

    drugs: Mapping[Text, DrugEntry] = {}
    comedication: Mapping[Text, NamedEntry] = {}
    """Other drugs that a request may name, because of what they do to enzymes or to the heart."""
    qualifiers: Texts = ()
    """Words beside the name of a drug that change nothing here, such as salts and release forms."""
