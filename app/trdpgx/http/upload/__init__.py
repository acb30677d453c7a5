"""Uploads: the body of a request, raw or as a form, streamed into intake."""
