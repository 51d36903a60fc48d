KINDS = {
    "procurement.rule_sets_loaded": "mitgelieferte Vergaberegeln eingelesen",
    "procurement.rule_set_proposed": "Vergaberegel vorgeschlagen",
    "procurement.rule_set_released": "Vergaberegel hinterlegt",
    "procurement.rule_set_ended": "Vergaberegel beendet",
    "procurement.rule_set_withdrawn": "Vergaberegel zurückgezogen",
}
