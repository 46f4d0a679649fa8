"""People invited by e-mail: the list that names them, their mails, and the way of a mail to its server."""
