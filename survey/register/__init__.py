"""The register: municipality > service > any number of divisions > unit, and how it is filled."""
