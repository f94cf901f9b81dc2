"""The web app: Streamlit pages, and the HTTP routes that the player fetches from."""
