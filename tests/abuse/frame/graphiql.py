"""The largest file that the server serves: the script of GraphiQL."""

import re


def script_path(scene):
    """Returns the path as bytes. If the program was built without GraphiQL, adds a finding and returns None."""
    _, _, page = scene.server.request("GET", "/graphql/", headers={"Accept": "text/html"})
    found = re.search(rb"/graphql/assets/[^\"']+\.js", page)
    scene.expect(found, "a script in the page of GraphiQL; was this built with ATRIUM_WEB?")
    return found and found.group()
