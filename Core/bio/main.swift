print("bio")
