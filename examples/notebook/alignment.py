"""How aligned are the contracts of one ACO?  A notebook: each `# %%` begins a cell."""

# %% The report: its parts are pandas frames
import harmonize

report = harmonize.compare("../onecare-vermont/specs")
print(report)

# %% Who is compared, and who is only shown
lists = report.payers.set_index("payer")
print(lists[["role", "counted", "measures"]].to_string())

# %% What most contracts ask for
concepts = report.concepts
shared = concepts[concepts["used_by"] >= 2].sort_values(["used_by", "concept"])
print(shared[["concept", "used_by", "could_use"]].to_string(index=False))

# %% The same by payer: a pivot of the tidy frame, contracts only
contracts = report.overlap[report.overlap["role"] == "contract"]
grid = contracts.pivot_table("measure", "concept", "payer", aggfunc="count", fill_value=0)
print(grid.loc[shared["concept"]].to_string())

# %% Which fields payers state at all
stated = report.measures.drop(columns=["payer", "measure", "title", "concept"]).count()
print(stated[stated > 0].sort_values(ascending=False).head(6).to_string())

# %% How alike each two contracts are: Jaccard, of the figures
figures = report.summary
jaccard = figures[figures["figure"].str.startswith("jaccard:")]
share = (jaccard["value"] / jaccard["of"]).round(2)
print(jaccard.assign(share=share)[["figure", "value", "of", "share"]].to_string(index=False))

# %% What to ask
print(report.questions.groupby("payer").size().to_string())
