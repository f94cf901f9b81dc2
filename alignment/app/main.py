"""The script that Streamlit runs from top to bottom for every visitor and every change."""

# Streamlit runs it as __main__. A process that a pool starts while it runs imports it under another name,
# and shall draw no page.
if __name__ == "__main__":
    from alignment.app.router import show

    show()
