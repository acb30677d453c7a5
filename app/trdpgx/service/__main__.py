"""``python -m trdpgx.service``: the supervisor."""

from trdpgx.service.supervisor import main

if __name__ == "__main__":
    main()
