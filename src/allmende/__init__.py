"""Allmende: marketplace and competence centre for the digital solutions of towns and regions."""
