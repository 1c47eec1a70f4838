"""What MedGrid registers with Frappe."""

app_name = "medgrid"
app_title = "MedGrid"
app_publisher = "Skydell Medical"
app_description = "Catalog, vendor integrations and the Exoceuticals store of a medical wholesaler"
app_email = "support@medgrid.com"
app_license = "MIT"

# The long form: with the short one, `bench install-app` asks GitHub who owns "erpnext".
required_apps = ["frappe/erpnext"]

after_install = "medgrid.install.after_install"
after_migrate = ["medgrid.install.after_migrate"]
before_uninstall = "medgrid.install.before_uninstall"

# Every API request passes the gate on its way in and the envelope on its way out.
auth_hooks = ["medgrid.api.gate.check_request"]
after_request = ["medgrid.api.envelope.apply"]
