"""Small tools named by what they hold: ids, money, periods, lifecycles, actors, canonical JSON.

No models, no settings, no business of any package. A tool that only one package needs lives there.
"""
