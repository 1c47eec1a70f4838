"""POST /vertex-ws/v2/supplies: a request is read, each line is placed into a tax area, taxed and answered."""
