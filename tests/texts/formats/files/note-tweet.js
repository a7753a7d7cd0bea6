window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "159200",
      "updatedAt": "2022-11-16T20:43:05.000Z",
      "lifecycle": {
        "value": "Permanent",
        "name": "Permanent"
      },
      "createdAt": "2022-11-16T20:23:05.000Z",
      "core": {
        "styletags": [],
        "urls": [],
        "text": "Something else of the same second.",
        "mentions": [],
        "cashtags": [],
        "hashtags": []
      }
    }
  },
  {
    "noteTweet": {
      "noteTweetId": "159200",
      "updatedAt": "2022-11-16T20:43:05.000Z",
      "lifecycle": {
        "value": "Permanent",
        "name": "Permanent"
      },
      "createdAt": "2022-11-16T20:23:05.000Z",
      "core": {
        "styletags": [],
        "urls": [],
        "text": "A lock of eight gates, one above the other, is called a staircase, and a boat that has entered its lowest chamber must climb them all: nobody can turn round half-way, and nobody can pass.\n\nAllow ninety minutes.",
        "mentions": [],
        "cashtags": [],
        "hashtags": []
      }
    }
  }
]