"""``drugs.yaml``: drugs and therapies."""

from pydantic import Field

from trdpgx.knowledge.rules.schema.fields import Checked, CuratedModel, Identifier, Text, Texts


class DrugEntry(Checked):
    """A drug or a therapy."""

    rxnorm: Identifier | None = None
    atc: Texts = ()
    drug_class: Text = Field(alias="class")
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

    drugs: dict[Text, DrugEntry]
