"""A report for a committee: a few pages made of releases, as PDF/UA, as Word and as a preview of both."""
