"""Sentences that have to be the same wherever they stand."""

# In every message to a company and on every page that one sees (§ 28 VgV, § 20 UVgO: exploring is no award).
NO_TENDER = (
    "Dies ist eine Markterkundung und keine Ausschreibung. Ihre Angaben sind freiwillig und unverbindlich. "
    "Aus Ihrer Teilnahme entsteht kein Anspruch auf einen Auftrag, und sie wird nicht vergütet. "
    "Wer nicht teilnimmt, hat in einem späteren Vergabeverfahren keinen Nachteil."
)
NO_ADVICE = "Dies ist ein Hinweis und keine Rechtsberatung."
