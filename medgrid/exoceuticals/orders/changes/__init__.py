"""Sales Orders that change after they were sent to Exoceuticals.

MedGrid changes nothing in Shopify, where goods may be packed at this moment: an Integration Issue says what
differs and who has to act.
"""
