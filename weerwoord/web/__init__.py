"""The chat page: a small web app between the browser and Rasa's REST channel."""
