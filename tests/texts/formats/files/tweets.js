window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1592000000000000003"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.example\">Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/nOt3",
            "expanded_url": "https://twitter.com/i/web/status/1592000000000000003",
            "display_url": "x",
            "indices": [
              "0",
              "1"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "99"
      ],
      "favorite_count": "3",
      "id_str": "1592000000000000003",
      "truncated": false,
      "retweet_count": "1",
      "id": "1592000000000000003",
      "created_at": "Wed Nov 16 20:23:05 +0000 2022",
      "favorited": false,
      "full_text": "A lock of eight gates, one above the other, is called a staircase, and a boat that has entered its lowest chamber… https://t.co/nOt3",
      "lang": "en",
      "in_reply_to_status_id": "1592000000000000002",
      "in_reply_to_status_id_str": "1592000000000000002",
      "in_reply_to_user_id": "77",
      "in_reply_to_user_id_str": "77",
      "in_reply_to_screen_name": "LockKeeper"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1592000000000000005"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.example\">Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "99"
      ],
      "favorite_count": "3",
      "id_str": "1592000000000000005",
      "truncated": false,
      "retweet_count": "1",
      "id": "1592000000000000005",
      "created_at": "Wed Nov 16 20:25:05 +0000 2022",
      "favorited": false,
      "full_text": "RT @BoatNews: The canal is closed on Friday.",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1592000000000000001"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.example\">Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/aBc1",
            "expanded_url": "https://example.org/locks?a=1&b=2",
            "display_url": "x",
            "indices": [
              "0",
              "1"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "99"
      ],
      "favorite_count": "3",
      "id_str": "1592000000000000001",
      "truncated": false,
      "retweet_count": "1",
      "id": "1592000000000000001",
      "created_at": "Wed Nov 16 20:21:05 +0000 2022",
      "favorited": false,
      "full_text": "How a canal lock works, &amp; why boats wait: a thread https://t.co/aBc1",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1592000000000000006"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.example\">Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "99"
      ],
      "favorite_count": "3",
      "id_str": "1592000000000000006",
      "truncated": false,
      "retweet_count": "1",
      "id": "1592000000000000006",
      "created_at": "Wed Nov 16 20:26:05 +0000 2022",
      "favorited": false,
      "full_text": "@visitor Yes, dogs may come along.",
      "lang": "en",
      "in_reply_to_status_id": "1500000000000000000",
      "in_reply_to_status_id_str": "1500000000000000000",
      "in_reply_to_user_id": "88",
      "in_reply_to_user_id_str": "88",
      "in_reply_to_screen_name": "visitor"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1592000000000000004"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.example\">Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "99"
      ],
      "favorite_count": "3",
      "id_str": "1592000000000000004",
      "truncated": false,
      "retweet_count": "1",
      "id": "1592000000000000004",
      "created_at": "Wed Nov 16 20:24:05 +0000 2022",
      "favorited": false,
      "full_text": "One correction: the sluices are called paddles here.",
      "lang": "en",
      "in_reply_to_status_id": "1592000000000000001",
      "in_reply_to_status_id_str": "1592000000000000001",
      "in_reply_to_user_id": "77",
      "in_reply_to_user_id_str": "77",
      "in_reply_to_screen_name": "LockKeeper"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1592000000000000002"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.example\">Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [],
        "media": [
          {
            "url": "https://t.co/pIc9",
            "expanded_url": "https://x.example/photo/1",
            "type": "photo"
          }
        ]
      },
      "display_text_range": [
        "0",
        "99"
      ],
      "favorite_count": "3",
      "id_str": "1592000000000000002",
      "truncated": false,
      "retweet_count": "1",
      "id": "1592000000000000002",
      "created_at": "Wed Nov 16 20:22:05 +0000 2022",
      "favorited": false,
      "full_text": "The upper gate stays shut while x &lt; y.\n\nWater falls through two sluices. https://t.co/pIc9",
      "lang": "en",
      "in_reply_to_status_id": "1592000000000000001",
      "in_reply_to_status_id_str": "1592000000000000001",
      "in_reply_to_user_id": "77",
      "in_reply_to_user_id_str": "77",
      "in_reply_to_screen_name": "LockKeeper"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1592000000000000007"
          ],
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.example\">Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "99"
      ],
      "favorite_count": "3",
      "id_str": "1592000000000000007",
      "truncated": false,
      "retweet_count": "1",
      "id": "1592000000000000007",
      "created_at": "Wed Nov 16 20:27:05 +0000 2022",
      "favorited": false,
      "full_text": "Closed for frost today.",
      "lang": "en"
    }
  }
]
