"""Programs that make files of this repository; none of them runs on a site."""
