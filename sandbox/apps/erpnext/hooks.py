"""Hooks of the stand-in: only what installs it."""

app_name = "erpnext"
app_title = "ERPNext (MedGrid stand-in)"
app_publisher = "MedGrid"
app_description = "What MedGrid's sandbox needs of ERPNext"
app_license = "mit"
app_email = "dev@medgrid.test"

after_install = "erpnext.install.after_install"
