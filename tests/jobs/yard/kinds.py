KINDS = {"yard.counted": "gezählt"}
