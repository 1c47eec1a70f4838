"""No secret in anything that is stored."""

SECRET = "s3cr3t-Value/with+signs=="


def test_an_error_log_is_masked_before_it_is_stored(site):
	log = site.get_doc({"doctype": "Error Log", "method": "test", "error": f"api_secret='{SECRET}'"}).insert()
	assert SECRET not in site.db.get_value("Error Log", log.name, "error")
